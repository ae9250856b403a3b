"""Counting with the real `perf stat` for software events; recorded text stands for a PMU."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from pagewalk.model import Artifact, Job, Missing, Outcome, Provenance, Run, Sample, Target
from runners.counters.events.processor import this_processor
from runners.counters.events.table import known_events
from runners.counters.perf.control import PerfControl
from runners.counters.perf.stat import PerfStat, PerfStatSession
from runners.counters.perf.stat_values import samples
from runners.counters.process_status import ProcessStatus

Execute = Callable[..., Run]

JOB = Job(Artifact(("/bin/true",), Target("x86_64")), (), 1)

# In perf's shape, as a machine with a PMU and more events than counters writes it.
WITH_PMU = """\
# started on Sat Nov 21 05:00:00 2026

2.50,msec,task-clock,2500000,100.00,0.999,CPUs utilized
100,,page-faults,2500000,100.00,40.000,K/sec
0,,context-switches,2500000,100.00,0.000,/sec
8000000,,instructions,1500000,60.00,3.20,insn per cycle
5000,,dTLB-load-misses,1000000,40.00,0.05,of all dTLB cache accesses
1000,,dTLB-store-misses,750000,30.00,,
<not counted>,,L1-dcache-load-misses,0,0.00,,
"""


# The kernel's own events: what perf says of others is replayed in test_replay.py.
GENERIC = known_events().processors["riscv64"]


def found(text: str, operations: int = 10) -> dict[str, Sample | Missing]:
    return {value.metric: value for value in samples(text, operations, GENERIC)}


def sample(value: Sample | Missing) -> Sample:
    assert isinstance(value, Sample)
    return value


def missing(value: Sample | Missing) -> str:
    assert isinstance(value, Missing)
    return value.reason


def test_counts_are_per_operation_and_carry_their_share() -> None:
    values = found(WITH_PMU)
    assert sample(values["task_clock"]).value == pytest.approx(2.5e-4)
    assert sample(values["page_faults"]).value == 10.0
    assert sample(values["context_switches"]).value == 0.0  # counted, and none happened
    instructions = sample(values["instructions"])
    assert (instructions.value, instructions.provenance.share) == (800_000.0, 0.6)


def test_loads_and_stores_are_added_and_the_lower_share_is_told() -> None:
    misses = sample(found(WITH_PMU)["dtlb_misses"])
    assert misses.value == 600.0
    assert misses.provenance.share == pytest.approx(0.3)
    assert misses.provenance.source == "perf stat dTLB-load-misses+dTLB-store-misses"


def test_what_was_not_counted_is_missing_not_zero() -> None:
    assert "not counted" in missing(found(WITH_PMU)["l1d_misses"])
    assert "no PMU event" in missing(found("<not supported>,,instructions,0,100.00,,")["instructions"])
    assert "said nothing" in missing(found("")["instructions"])


def test_a_sum_without_its_stores_is_missing_where_stores_were_only_not_counted() -> None:
    loads = "9,,dTLB-load-misses,1,100.00,,\n"
    assert "store-misses was not counted" in missing(
        found(f"{loads}<not counted>,,dTLB-store-misses,0,0.00,,\n")["dtlb_misses"]
    )
    absent = found(f"{loads}<not supported>,,dTLB-store-misses,0,100.00,,\n")["dtlb_misses"]
    assert sample(absent).provenance.source == "perf stat dTLB-load-misses"


def test_both_kinds_of_core_of_a_hybrid_processor_are_added() -> None:
    text = "70,,cpu_core/instructions/,1,80.00,,\n30,,cpu_atom/instructions/,1,20.00,,\n"
    both = sample(found(text)["instructions"])
    assert both.value == pytest.approx((70 * 0.8 + 30 * 0.2) / 10)  # what perf scaled up, taken back
    assert both.provenance.share == pytest.approx(1.0)
    idle = "70,,cpu_core/instructions/,1,100.00,,\n<not counted>,,cpu_atom/instructions/,0,0.00,,\n"
    assert sample(found(idle)["instructions"]).value == 7.0


def test_context_switches_without_the_kernel_are_missing_since_they_are_always_zero() -> None:
    assert "excludes the kernel" in missing(found("0,,context-switches:u,1,100.00,,")["context_switches"])
    assert sample(found("9,,page-faults:u,1,100.00,,")["page_faults"]).provenance.source.endswith(":u")


def test_a_machine_without_perf_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    found = PerfStat(GENERIC).availability()
    for counted in GENERIC.counted:
        assert "apt-get install" in missing(found[counted.metric])


def test_perf_that_left_nothing_is_an_error(tmp_path: Path) -> None:
    session = PerfStat().open(tmp_path, JOB)
    with pytest.raises(Unavailable, match="left no"):
        session.parse(())


def test_perf_that_never_answers_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runners.counters.perf.control._PATIENCE", 0.05)
    with pytest.raises(Unavailable, match="did not answer"):
        PerfControl(tmp_path).ask("enable")


needs_perf = pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")


@pytest.mark.slow
@needs_perf
def test_real_perf_counts_first_touches_to_the_count(
    execute_command: Execute, workload: Path, tmp_path: Path
) -> None:
    sessions = (ProcessStatus().open(tmp_path, JOB), PerfStat().open(tmp_path, JOB))
    run = execute_command(workload, "--pages=3000", sessions=sessions, relayed=True)
    assert run.outcome is Outcome.OK
    values = {sample.metric: sample.value for sample in run.samples}
    assert values["page_faults"] == 1.0
    assert run.facts["check.faults"] == "3000"
    assert 3000 * 4096 < values["peak_rss"] < 3000 * 4096 + (4 << 20)  # the workload's, not perf's


@pytest.mark.slow
@needs_perf
def test_a_crash_behind_perf_is_still_a_crash(
    execute_command: Execute, workload: Path, tmp_path: Path
) -> None:
    session = PerfStat().open(tmp_path, JOB)
    run = execute_command(workload, "--mode=raw-segv", sessions=(session,), relayed=True)
    assert run.outcome is Outcome.CRASHED
    assert run.crash is not None
    assert run.crash.signal == "SIGSEGV"


@pytest.mark.slow
@needs_perf
def test_real_perf_tells_what_this_machine_has() -> None:
    availability = PerfStat().availability()
    assert isinstance(availability["page_faults"], Provenance)
    processor = this_processor()
    assert set(availability) == {counted.metric for counted in processor.counted} | set(processor.missing)


@pytest.mark.slow
@needs_perf
def test_real_perf_switches_a_weak_group_on_and_off_whole(
    execute_command: Execute, workload: Path, tmp_path: Path
) -> None:
    """Of software events, which every machine has; hardware is asked for in the same way."""
    events = ("{page-faults,minor-faults}:W", "task-clock")
    session = PerfStatSession(tmp_path, GENERIC, events)
    run = execute_command(workload, "--pages=700", sessions=(session,), relayed=True)
    assert {s.metric: s.value for s in run.samples if s.metric == "page_faults"} == {"page_faults": 1.0}
    lines = (tmp_path / "perf-stat.csv").read_text().splitlines()
    rows = [line.split(",") for line in lines if line.count(",") > 2]
    counts = {row[2].partition(":")[0]: row[0] for row in rows}
    assert counts["page-faults"] == counts["minor-faults"] == "700"
