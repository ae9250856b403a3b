"""A time line of Go's kind for any case: faults, a pause, a crash, and names that are an attack."""

from pathlib import Path

import synthetic_commits

from pagewalk.events import EventKind, TimedEvent
from pagewalk.history.timelines import KeptTimeline, Timelines
from pagewalk.model import Outcome, Revision

US = 1000
EVENTS = (
    TimedEvent(0, EventKind.BEGIN, 7),
    *(TimedEvent((2 + n) * US, EventKind.FAULT, 7, 4096 * n, "memset", "write") for n in range(40)),
    TimedEvent(60 * US, EventKind.STOP, 8),
    TimedEvent(90 * US, EventKind.START, 8),
    TimedEvent(100 * US, EventKind.FAULT, 7, 0x10, synthetic_commits.ATTACK, "read"),
    TimedEvent(110 * US, EventKind.SIGNAL, 7, None, "", "SIGABRT ends it"),
)


def keep_timeline(root: Path, at: Revision, case: str) -> None:
    """Keep it of a case of the subject on the laptop."""
    kept = KeptTimeline(Outcome.CRASHED, len(EVENTS), EVENTS)
    Timelines(root / "slab", "laptop", at.commit).keep(case, kept)
