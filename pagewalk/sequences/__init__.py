"""Random sequences of calls: found to crash or to regress, shrunk, and kept as parameters of a suite."""

from pagewalk.sequences.file import read_sequences, remember
from pagewalk.sequences.sequence import Sequence

__all__ = ["Sequence", "read_sequences", "remember"]
