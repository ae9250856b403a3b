"""What happens at a moment of an execution, as values."""

from dataclasses import dataclass
from enum import StrEnum

TIMELINE = "timeline"
"""What a job asks for instead of an event: page faults, marks, pauses and signals by one clock."""


class EventKind(StrEnum):
    """What happened at a moment of an execution."""

    BEGIN = "begin"
    END = "end"
    FAULT = "fault"
    STOP = "stop"
    START = "start"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """Something that happened while a workload was executed.

    Args:
        at: nanoseconds of CLOCK_MONOTONIC.
        kind: a mark of the region, a page fault, Go stopping and starting its world, a deadly signal.
        thread: its number (gettid(2)).
        address: of a fault; None for others.
        function: that was being executed; empty where nobody knows.
        detail: `write` of a fault; a signal and what it leads to, as `SIGSEGV ends it`.
    """

    at: int
    kind: EventKind
    thread: int
    address: int | None = None
    function: str = ""
    detail: str = ""
