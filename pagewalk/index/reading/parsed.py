"""What a file says once it was read and found sound: what workers hand to the one who writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pagewalk.index.layouts import Values
from pagewalk.index.reading.sheets import Sheet
from pagewalk.model import Crash

Axes = tuple[Values, ...]
Problem = tuple[int, str]
"""Line, 0 for the file as a whole, and reason."""


class Unreadable(ValueError):
    """A file that is not what its name says; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Crashes:
    """Executions of a case that ended alike."""

    benchmark: str
    params: tuple[tuple[str, str], ...]
    outcome: str
    crash: Crash
    fingerprint: str
    count: int
    taken: float


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file of results.

    Args:
        digest: of its content.
        commit: its hash; empty where the file could not be read, then `problems` says why.
        date: of the commit, seconds since the epoch.
        facts: of the machine.
    """

    digest: str
    commit: str = ""
    date: int | None = None
    environment: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    sheet: Sheet = field(default_factory=Sheet)
    crashes: tuple[Crashes, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def taken(self) -> float | None:
        """When the last of it was measured."""
        return max((one for one in self.sheet.taken if one is not None), default=None)
