"""asv's history and the evidence beside it: the only code that reads and writes a results folder."""

from pagewalk.history.history import History, open_histories

__all__ = ["History", "open_histories"]
