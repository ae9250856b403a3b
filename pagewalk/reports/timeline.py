"""A time line in words: for a terminal, for pages, and for programs."""

from collections.abc import Sequence

from rich.table import Column, Table
from rich.text import Text

from pagewalk.analysis.timeline import Entry, Timeline, condensed
from pagewalk.events import EventKind
from pagewalk.reports.wording import count_of, printable
from pagewalk.units import seconds

HEADS = ("ms", "thread", "what", "where")
_WORDS = {
    EventKind.BEGIN: "the region begins",
    EventKind.END: "the region ends",
    EventKind.STOP: "Go stops the world",
    EventKind.START: "Go starts the world",
}


def time_text(entry: Entry) -> str:
    """Write when: milliseconds since the region began, to a microsecond."""
    return f"{1000 * entry.seconds:.3f}"


def what_text(entry: Entry) -> str:
    """Say what happened."""
    event = entry.event
    if event.kind is EventKind.SIGNAL:
        return printable(event.detail)
    if event.kind is EventKind.STOP:
        length = "to the end" if entry.lasted is None else f"for {seconds(entry.lasted)}"
        return f"{_WORDS[event.kind]} {length}"
    if event.kind is not EventKind.FAULT:
        return _WORDS[event.kind]
    if entry.count > 1:
        return f"{count_of(entry.count, 'page fault')} within {seconds(entry.lasted or 0.0)}"
    return f"page fault, {printable(event.detail)}" if event.detail else "page fault"


def where_text(entry: Entry) -> str:
    """Say at which address and in which function."""
    event = entry.event
    if event.kind is not EventKind.FAULT:
        return ""
    function = f" in {printable(event.function)}" if event.function else ""
    place = f"{event.address:#x}" if event.address is not None and entry.count == 1 else ""
    return f"{place}{function}".strip()


def timeline_table(found: Timeline) -> Table:
    """Return the entries, page faults far from anything else told together."""
    table = Table(
        Column(HEADS[0], justify="right"),
        Column(HEADS[1], justify="right"),
        HEADS[2],
        Column(HEADS[3], overflow="fold"),
        box=None,
        pad_edge=False,
    )
    for entry in condensed(found):
        style = {EventKind.SIGNAL: "bold red", EventKind.STOP: "yellow", EventKind.FAULT: "dim"}
        cells = (time_text(entry), str(entry.event.thread), what_text(entry))
        table.add_row(*cells, Text(where_text(entry)), style=style.get(entry.event.kind, "bold"))
    return table


def timeline_content(found: Timeline) -> list[dict[str, object]]:
    """Return every entry as JSON takes it; times in seconds since the region began."""
    return [_content(entry) for entry in found.entries]


def about(outcome: str, kept: int, seen: int, *, begun: bool, emulated: bool = False) -> Sequence[str]:
    """Say what the line is of, what is missing of it, and where its times are no times."""
    said = [f"{count_of(seen, 'event')} of one execution, which ended {outcome}."]
    if kept < seen:
        said.append(f"The first {seen - kept} page faults were not kept.")
    if not begun:
        said.append("The region's begin was not seen: times are since the first event.")
    if emulated:
        said.append("Its clock is the emulated machine's: the order is real, the times are not.")
    return said


def _content(entry: Entry) -> dict[str, object]:
    event = entry.event
    return {
        "seconds": entry.seconds,
        "kind": event.kind.value,
        "thread": event.thread,
        "address": None if event.address is None else f"{event.address:#x}",
        "function": event.function,
        "detail": event.detail,
        "lasted": entry.lasted,
    }
