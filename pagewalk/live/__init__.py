"""What runs now: a small record a command, for whoever looks from outside."""

from pagewalk.live.reading import Unreadable, live_in
from pagewalk.live.record import Live, Result
from pagewalk.live.reporter import FOLDER, Reporter, reporting

__all__ = ["FOLDER", "Live", "Reporter", "Result", "Unreadable", "live_in", "reporting"]
