"""One time line from events: relative times, pauses with their lengths, and what comes before a crash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.analysis.timeline import condensed, faults_before, timeline
from pagewalk.events import EventKind, TimedEvent

MS = 10**6


def at(milliseconds: float, kind: EventKind, address: int | None = None, function: str = "") -> TimedEvent:
    return TimedEvent(round((5000 + milliseconds) * MS), kind, 7, address, function)


def test_times_are_since_the_region_began_and_a_pause_ends_when_the_world_starts() -> None:
    found = timeline(
        [
            at(3, EventKind.START),
            at(1, EventKind.BEGIN),
            at(0, EventKind.FAULT, 1),
            at(2, EventKind.STOP),
            at(4, EventKind.START),
            at(5, EventKind.STOP),
        ]
    )
    assert found.begun
    kinds = [(entry.event.kind, round(entry.seconds * 1000), entry.lasted) for entry in found.entries]
    assert kinds == [
        (EventKind.FAULT, -1, None),
        (EventKind.BEGIN, 0, None),
        (EventKind.STOP, 1, 0.001),
        (EventKind.STOP, 4, None),
    ]


def test_without_a_begin_times_are_since_the_first_event() -> None:
    found = timeline([at(8, EventKind.FAULT, 1), at(6, EventKind.FAULT, 2)])
    assert not found.begun
    assert [entry.seconds for entry in found.entries] == [0.0, 0.002]
    assert timeline([]).entries == ()


def test_faults_far_from_anything_else_are_told_together_and_those_before_a_crash_one_by_one() -> None:
    faults = [at(n, EventKind.FAULT, n, "memset") for n in range(1, 21)]
    crash = at(30, EventKind.SIGNAL)
    rows = condensed(timeline([at(0, EventKind.BEGIN), *faults, crash]), around=3)
    assert [row.count for row in rows] == [1, 1, 1, 1, 14, 1, 1, 1, 1]
    together = rows[4]
    assert (together.event.function, together.seconds) == ("memset", 0.004)
    assert together.lasted == pytest.approx(0.013)
    assert rows[-1].event is crash
    assert [row.event.address for row in rows[-4:-1]] == [18, 19, 20]


def test_the_last_fault_before_a_crash_is_the_one_that_killed() -> None:
    events = [at(n, EventKind.FAULT, address, "f") for n, address in enumerate((1, 2, 0x10, 4))]
    assert faults_before(events, 0x10, most=2) == ("0x2 in f", "0x10 in f")
    assert faults_before(events, None, most=2) == ("0x10 in f", "0x4 in f")
    assert faults_before([at(0, EventKind.FAULT, 9)], 0x55) == ("0x9 in [unknown]",)
    assert faults_before([], 1) == ()


EVENTS = st.lists(
    st.builds(
        TimedEvent,
        st.integers(0, 10**9),
        st.sampled_from(EventKind),
        st.integers(1, 3),
        st.one_of(st.none(), st.integers(0, 2**64 - 1)),
    ),
    max_size=60,
)


@given(EVENTS, st.integers(1, 6))
def test_no_event_is_lost_and_their_order_is_that_of_time(events: list[TimedEvent], around: int) -> None:
    found = timeline(events)
    times = [entry.seconds for entry in found.entries]
    assert times == sorted(times)
    kept = [event for event in events if event.kind is not EventKind.START]
    assert len(found.entries) == len(kept)
    assert sum(entry.count for entry in condensed(found, around)) == len(kept)
    assert all(entry.lasted is None or entry.lasted >= 0 for entry in found.entries)
