"""An event that the PMU does not list is not counted: it would be a silent 0."""

from pathlib import Path

import pytest

from runners.counters.events import sysfs as sysfs_events
from runners.counters.events.sysfs import core_pmus, implemented, lacking
from runners.counters.events.table import Processor, known_events

PROCESSORS = known_events().processors


@pytest.fixture(autouse=True, params=["armv8_pmuv3_0", "armv8_neoverse_n1", "armv9_neoverse_n2"])
def devices(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PMU as arm64's driver shows it, with one event: by ACPI, by device trees of Armv8 and Armv9."""
    folder = tmp_path / request.param / "events"
    folder.mkdir(parents=True)
    (folder / "l1d_tlb_refill").write_text("event=0x0005\n")
    monkeypatch.setattr(sysfs_events, "DEVICES", tmp_path)


def first(processor: Processor) -> dict[str, bool]:
    return {c.metric: implemented(processor, c.events[0]) for c in processor.counted}


def test_on_arm64_only_listed_events_are_there() -> None:
    found = first(PROCESSORS["arm-neoverse"])
    assert found["dtlb_misses"]
    assert not found["stlb_misses"]
    assert found["cycles"]  # the kernel's own events are refused by the kernel itself
    assert found["page_faults"]


def test_elsewhere_the_table_is_trusted() -> None:
    assert all(first(PROCESSORS["amd-zen3"]).values())


def test_a_reason_names_the_event_that_is_not_there() -> None:
    events = {c.metric: c.events for c in PROCESSORS["arm64"].counted}
    assert lacking(PROCESSORS["arm64"], events["stlb_misses"]) == (
        "this PMU does not implement dtlb_walk, or the kernel hides it"
    )
    assert lacking(PROCESSORS["arm64"], events["dtlb_misses"]) == ""


def test_kinds_of_core_are_told_apart_by_their_pmus(tmp_path: Path) -> None:
    kinds = ("armv8_cortex_x1", "armv9_cortex_a510", "armv9_cortex_a710")
    for name in (*kinds, "arm_dsu_0"):
        (tmp_path / name).mkdir()
    for name in kinds:
        (tmp_path / name / "cpus").write_text("0-3\n")
    assert core_pmus() == kinds
