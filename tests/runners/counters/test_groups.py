"""Events that count together: each once, and never more than there are counters."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.counters.events.groups import counters_taken, groups
from runners.counters.events.table import known_events

PROCESSORS = known_events().processors


@given(st.sampled_from(sorted(PROCESSORS)), st.integers(0, 1), st.randoms())
def test_every_event_is_counted_once_and_no_group_is_larger_than_the_pmu(
    name: str, taken: int, random: object
) -> None:
    processor = PROCESSORS[name]
    counted = list(processor.counted)
    random.shuffle(counted)  # type: ignore[attr-defined]
    found = groups(processor, counted, taken)
    events = [event for group in found for event in group]
    assert sorted(events, key=str) == sorted({e for c in counted for e in c.all}, key=str)
    assert all(len(group) <= max(1, processor.counters - taken) for group in found)


def test_events_of_one_metric_are_counted_at_the_same_time() -> None:
    for processor in PROCESSORS.values():
        found = groups(processor, processor.counted)
        for counted in processor.counted:
            general = [e for e in counted.events if any(e in g and len(g) > 1 for g in found)]
            assert len({group for e in general for group in found if e in group}) <= 1


def test_what_needs_no_general_counter_stands_alone() -> None:
    found = groups(PROCESSORS["intel-skylake"], PROCESSORS["intel-skylake"].counted)
    alone = {group[0].name for group in found if len(group) == 1}
    assert {"task-clock", "page-faults", "cycles", "instructions"} <= alone
    assert max(len(group) for group in found) == 4


def test_with_a_counter_taken_by_the_watchdog_a_metric_of_four_events_is_cut() -> None:
    processor = PROCESSORS["intel-skylake"]
    dtlb = [c for c in processor.counted if c.metric == "dtlb_misses"]
    assert [len(group) for group in groups(processor, dtlb, taken=1)] == [3, 1]


@pytest.mark.parametrize(("text", "taken"), [("1\n", 1), ("0\n", 0), (None, 0)])
def test_the_nmi_watchdog_takes_a_counter(tmp_path: Path, text: str | None, taken: int) -> None:
    file = tmp_path / "nmi_watchdog"
    if text is not None:
        file.write_text(text)
    assert counters_taken(file) == taken
