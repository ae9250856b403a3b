"""One time line of what happened in a region: page faults, pauses, and the crash after them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pagewalk.events import EventKind, TimedEvent

AROUND = 5
"""Page faults that are told one by one before and after anything else; those between are told together."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, or a row of page faults.

    Args:
        seconds: since the region began; of a row, of its first fault.
        event: of a row, its first fault.
        lasted: seconds; of a pause until the world was started again, of a row until its last fault. None for
            others, and for a pause that nothing ended.
        count: page faults in the row; 1 for everything else.
    """

    seconds: float
    event: TimedEvent
    lasted: float | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Timeline:
    """Entries in order of time.

    Args:
        begun: whether the region's begin was seen; without it times are since the first event.
    """

    entries: tuple[Entry, ...]
    begun: bool


def timeline(events: Sequence[TimedEvent]) -> Timeline:
    """Return events by their time since the region's first begin; a pause and its end are one entry."""
    ordered = sorted(events, key=lambda event: event.at)
    begins = [event.at for event in ordered if event.kind is EventKind.BEGIN]
    zero = (begins or [event.at for event in ordered] or [0])[0]
    entries = (Entry((event.at - zero) / 1e9, event) for event in ordered)
    return Timeline(tuple(_paired(entries)), bool(begins))


def _paired(entries: Iterator[Entry]) -> list[Entry]:
    """Give each pause its length: the world is stopped once at a time, by whichever thread."""
    found: list[Entry] = []
    stopped: int | None = None
    for entry in entries:
        if entry.event.kind is not EventKind.START:
            if entry.event.kind is EventKind.STOP:
                stopped = len(found)
            found.append(entry)
        elif stopped is not None:
            found[stopped] = replace(found[stopped], lasted=entry.seconds - found[stopped].seconds)
            stopped = None
    return found


def condensed(found: Timeline, around: int = AROUND) -> list[Entry]:
    """Return the entries with page faults that are far from anything else told together, by row."""
    result: list[Entry] = []
    row: list[Entry] = []
    for entry in (*found.entries, None):
        if entry is not None and entry.event.kind is EventKind.FAULT:
            row.append(entry)
            continue
        result += _condensed(row, around)
        row = []
        if entry is not None:
            result.append(entry)
    return result


def _condensed(row: Sequence[Entry], around: int) -> Sequence[Entry]:
    middle = row[around : len(row) - around]
    if len(middle) <= 1:
        return row
    lasted = middle[-1].seconds - middle[0].seconds
    functions = {entry.event.function for entry in middle}
    function = functions.pop() if len(functions) == 1 else ""
    event = replace(middle[0].event, function=function, detail="")
    one = Entry(middle[0].seconds, event, lasted, len(middle))
    return [*row[:around], one, *row[len(row) - around :]]


def faults_before(events: Sequence[TimedEvent], address: int | None, most: int = 12) -> tuple[str, ...]:
    """Return the last page faults up to the one at an address, as `0x7f001000 in memset`.

    Args:
        address: where the workload died; what came after a fault there is its handler's. None for all.
    """
    faults = [event for event in events if event.kind is EventKind.FAULT and event.address is not None]
    end = next((at for at, event in enumerate(faults, start=1) if event.address == address), len(faults))
    return tuple(
        f"{event.address:#x} in {event.function or '[unknown]'}" for event in faults[max(0, end - most) : end]
    )
