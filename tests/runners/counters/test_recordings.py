"""What real perfs wrote: 6.1 without a PMU, 6.12 in booted guests with the counters of SBI and Arm."""

from pathlib import Path

import pytest
from recordings import FIXTURES, recorded

from pagewalk.model import Missing, Origin, Sample
from runners.counters.events import sysfs as sysfs_events
from runners.counters.events.table import known_events
from runners.counters.perf.stat_csv import NOT_COUNTED, NOT_SUPPORTED, Line
from runners.counters.perf.stat_json import parse_json
from runners.counters.perf.stat_values import offers, read_lines, samples

PROCESSORS = known_events().processors
RECORDED = (
    ("golden-cove-without-pmu-6.1-root", "intel-golden-cove"),
    ("riscv64-guest-6.12", "riscv64"),
    ("riscv64-guest-6.12-user", "riscv64"),
    ("riscv64-guest-6.12-never-enabled", "riscv64"),
    ("arm64-guest-6.12-multiplexed", "arm64"),
    ("arm64-guest-6.12-never-enabled", "arm64"),
)


def lines_of(recording: str, processor: str, form: str = "csv") -> dict[str, Line]:
    return {line.event: line for line in read_lines(recorded(recording, form), PROCESSORS[processor])}


def found(recording: str, processor: str) -> dict[str, Sample | Missing]:
    return {value.metric: value for value in samples(recorded(recording), 1, PROCESSORS[processor])}


@pytest.fixture
def cortex_a72_of_qemu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PMU lists what the guest's did: cycles and instructions, and nothing else."""
    events = tmp_path / "armv8_pmuv3_0" / "events"
    events.mkdir(parents=True)
    for name in ("cpu_cycles", "inst_retired"):
        (events / name).write_text("")
    monkeypatch.setattr(sysfs_events, "DEVICES", tmp_path)


@pytest.mark.parametrize(("recording", "processor"), RECORDED)
def test_every_event_that_was_asked_for_is_read_in_both_forms(recording: str, processor: str) -> None:
    asked = {event.asked for counted in PROCESSORS[processor].counted for event in counted.all}
    csv, as_json = (lines_of(recording, processor, form) for form in ("csv", "json"))
    assert csv.keys() == as_json.keys() == asked
    assert {e: line.refused for e, line in csv.items()} == {e: line.refused for e, line in as_json.items()}
    assert {e: line.said for e, line in csv.items()} == {e: line.said for e, line in as_json.items()}
    for event, line in csv.items():
        if line.value is not None:
            assert line.share == pytest.approx(as_json[event].share, abs=0.05)


def test_the_sbi_pmu_counts_what_it_has_and_refuses_the_rest() -> None:
    values = found("riscv64-guest-6.12", "riscv64")
    counted = {metric: value.value for metric, value in values.items() if isinstance(value, Sample)}
    assert counted["instructions"] == 453906942
    assert counted["dtlb_misses"] == 777 + 67
    assert counted["itlb_misses"] == 896
    assert counted["task_clock"] == pytest.approx(0.45514)
    assert counted["page_faults"] == 36
    hardware = values["dtlb_misses"]
    assert isinstance(hardware, Sample)
    assert hardware.provenance.origin is Origin.HARDWARE
    for metric in ("l1d_misses", "llc_misses", "branch_misses"):
        refused = values[metric]
        assert isinstance(refused, Missing)
        assert "is not supported" in refused.reason


def test_what_was_never_switched_on_is_missing_and_not_zero() -> None:
    lines = lines_of("riscv64-guest-6.12-never-enabled", "riscv64")
    assert {line.refused for line in lines.values()} == {NOT_COUNTED, NOT_SUPPORTED}
    values = found("riscv64-guest-6.12-never-enabled", "riscv64")
    assert all(isinstance(value, Missing) for value in values.values())


@pytest.mark.usefixtures("cortex_a72_of_qemu")
def test_a_multiplexed_count_has_its_share_and_what_the_pmu_does_not_list_is_no_zero() -> None:
    """The recording has ten events for six counters, and zeros for eight that this PMU does not have."""
    recording = "arm64-guest-6.12-multiplexed"
    lines = lines_of(recording, "arm64")
    assert lines["r0008"].share == 0.76
    assert lines["r0005"].value == 0
    offered = offers(PROCESSORS["arm64"], list(lines.values()))
    there = {metric for metric, value in offered.items() if not isinstance(value, Missing)}
    assert there == {"cycles", "instructions", "page_faults", "task_clock", "context_switches"}
    instructions = found(recording, "arm64")["instructions"]
    assert isinstance(instructions, Sample)
    assert instructions.provenance.share == 0.76


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "7", '{"event": 5}', "[" * 10_000, '{"counter-value": "1"}']
)
def test_what_is_no_line_about_an_event_is_passed_over(text: str) -> None:
    assert parse_json(text, ["page-faults"]) == []


def test_an_object_of_any_version_is_read() -> None:
    for value in ('"36.000000"', "36", '"36,000000"'):
        text = (
            f'{{"counter-value" : {value}, "unit" : "", "event" : "page-faults:u", "pcnt-running" : 25.00}}'
        )
        (line,) = parse_json(text, ["page-faults"])
        assert (line.value, line.said, line.share) == (36, "page-faults:u", 0.25)


def test_each_recording_is_labelled_as_real_or_constructed() -> None:
    told = (FIXTURES / "README.md").read_text()
    for path in (*FIXTURES.glob("recorded/*"), *FIXTURES.glob("constructed/*")):
        assert path.parent.name == "constructed" or f"`{path.name}`" in told, path.name
