"""pagewalk: what did a patch do to memory behaviour?"""

__version__ = "0.1.0"
