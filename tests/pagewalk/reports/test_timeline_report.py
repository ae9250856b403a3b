"""A time line as it is printed."""

import io

from rich.console import Console

from pagewalk.analysis.timeline import timeline
from pagewalk.events import EventKind, TimedEvent
from pagewalk.reports.timeline import about, timeline_content, timeline_table

US = 1000
EVENTS = (
    TimedEvent(0, EventKind.BEGIN, 7),
    *(TimedEvent(n * US, EventKind.FAULT, 7, 4096 * n, "memset", "write") for n in range(1, 31)),
    TimedEvent(50 * US, EventKind.STOP, 8),
    TimedEvent(90 * US, EventKind.START, 8),
    TimedEvent(99 * US, EventKind.FAULT, 7, 0x10, "[bold]evil\x1b", "read"),
    TimedEvent(110 * US, EventKind.SIGNAL, 7, None, "", "SIGSEGV ends it"),
)


def printed(events: tuple[TimedEvent, ...]) -> list[str]:
    screen = Console(file=io.StringIO(), width=100, color_system=None)
    screen.print(timeline_table(timeline(events)))
    assert isinstance(screen.file, io.StringIO)
    return [" ".join(line.split()) for line in screen.file.getvalue().splitlines()]


def test_a_crash_stands_below_the_faults_and_the_pause_before_it() -> None:
    lines = printed(EVENTS)
    assert lines[:2] == ["ms thread what where", "0.000 7 the region begins"]
    assert lines[2] == "0.001 7 page fault, write 0x1000 in memset"
    assert "0.006 7 20 page faults within 19.0 µs in memset" in lines
    assert lines[-3:] == [
        "0.050 8 Go stops the world for 40.0 µs",
        "0.099 7 page fault, read 0x10 in [bold]evil\N{REPLACEMENT CHARACTER}",
        "0.110 7 SIGSEGV ends it",
    ]


def test_programs_get_every_event_in_seconds() -> None:
    content = timeline_content(timeline(EVENTS))
    assert len(content) == len(EVENTS) - 1
    assert content[1] == {
        "seconds": 1e-6,
        "kind": "fault",
        "thread": 7,
        "address": "0x1000",
        "function": "memset",
        "detail": "write",
        "lasted": None,
    }


def test_what_is_missing_is_said() -> None:
    assert list(about("ok", 2, 2, begun=True)) == ["2 events of one execution, which ended ok."]
    assert len(about("crashed", 2, 3, begun=False)) == 3
    assert "the times are not" in about("ok", 2, 2, begun=True, emulated=True)[-1]
