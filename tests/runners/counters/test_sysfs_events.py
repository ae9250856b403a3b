"""An event that the PMU does not list is not counted: it would be a silent 0."""

from pathlib import Path

from runners.counters import sysfs_events
from runners.counters.events import known_events
from runners.counters.sysfs_events import implemented

PROCESSORS = known_events().processors


def test_on_arm64_only_listed_events_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "armv8_pmuv3_0" / "events"
    folder.mkdir(parents=True)
    (folder / "l1d_tlb_refill").write_text("event=0x0005\n")
    neoverse = PROCESSORS["arm-neoverse"]
    found = {c.metric: implemented(neoverse, c.events[0], tmp_path) for c in neoverse.counted}
    assert found["dtlb_misses"]
    assert not found["stlb_misses"]
    assert found["cycles"]  # the kernel's own events are refused by the kernel itself
    assert found["page_faults"]


def test_elsewhere_the_table_is_trusted(tmp_path: Path) -> None:
    zen = PROCESSORS["amd-zen"]
    assert all(implemented(zen, event, tmp_path) for c in zen.counted for event in c.all)


def test_a_reason_names_the_event_that_is_not_there() -> None:
    arm = {c.metric: c.events for c in PROCESSORS["arm64"].counted}
    if not any(sysfs_events.DEVICES.glob("armv8*")):
        assert sysfs_events.lacking(PROCESSORS["arm64"], arm["stlb_misses"]).startswith(
            "this PMU does not implement dtlb_walk"
        )
    assert sysfs_events.lacking(PROCESSORS["amd-zen"], PROCESSORS["amd-zen"].counted[3].events) == ""
