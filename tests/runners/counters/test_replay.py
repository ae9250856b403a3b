"""The path of hardware counters, driven by what perf says on machines that have them.

Nothing here was counted: what is in fixtures/constructed is written in perf's shape, see README.md there.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from recordings import CONSTRUCTED, FIXTURES, constructed, recorded

from pagewalk.analysis.settings import Settings
from pagewalk.errors import Unavailable
from pagewalk.history import History
from pagewalk.history.codec import LoggedRun
from pagewalk.model import Artifact, Case, Job, Missing, Origin, Outcome, Provenance, Revision, Run, Sample
from pagewalk.reports.legend import sources
from pagewalk.workflows.comparing import judge_pair
from pagewalk.workflows.profiling import clock_event
from runners.counters import perf_syscall
from runners.counters.events import sysfs as sysfs_events
from runners.counters.events.kernel import Event
from runners.counters.events.table import known_events
from runners.counters.perf import recordable
from runners.counters.perf import stat as perf_stat
from runners.counters.perf.stat_csv import parse_csv
from runners.counters.perf.stat_values import offers, samples
from runners.local import Local

PROCESSORS = known_events().processors
REPLAYER = Path(__file__).parents[1] / "fixtures" / "replaying_perf.py"

Found = dict[str, Sample | Missing]


def found(recording: str, processor: str) -> Found:
    """Per thousand operations, so that counts are round."""
    return {value.metric: value for value in samples(constructed(recording), 1000, PROCESSORS[processor])}


@pytest.mark.parametrize(("recording", "processor", "architecture"), CONSTRUCTED)
def test_every_architecture_gives_the_same_metrics_from_its_own_events(
    recording: str, processor: str, architecture: str
) -> None:
    """The counts in all recordings are made up to come to the same."""
    expected = {
        "cycles": 120e3,
        "instructions": 300e3,
        "dtlb_misses": 40.0,
        "stlb_misses": 6.0,
        "walk_cycles": 240.0,
        "itlb_misses": 0.1,
        "l1d_misses": 90.0,
        "l2_misses": 30.0,
        "llc_misses": 0.7,
        "branch_misses": 8.0,
        "page_faults": 1.0,
        "task_clock": 40e-6,
    }
    values = {m: v for m, v in found(recording, processor).items() if isinstance(v, Sample)}
    assert len(values) >= 8
    for metric, value in values.items():
        if metric in expected:
            assert value.value == pytest.approx(expected[metric]), metric
        software = metric in ("page_faults", "task_clock", "context_switches", "alignment_faults")
        assert value.provenance.origin is (Origin.KERNEL if software else Origin.HARDWARE)


@pytest.mark.parametrize(
    ("recording", "processor", "metric", "share", "source"),
    [
        (
            "intel-icelake-6.1-multiplexed",
            "intel-icelake",
            "stlb_misses",
            0.25,
            "perf stat dtlb_load_misses.walk_completed+dtlb_store_misses.walk_completed",
        ),
        (
            "intel-icelake-6.1-multiplexed",
            "intel-icelake",
            "l2_misses",
            0.24,
            "perf stat l2_rqsts.demand_data_rd_miss+l2_rqsts.rfo_miss",
        ),
        ("amd-zen3-5.10", "amd-zen3", "dtlb_misses", 0.5, "perf stat ls_l1_d_tlb_miss.all:u"),
        ("arm-neoverse-6.1", "arm-neoverse", "stlb_misses", 0.52, "perf stat dtlb_walk"),
        ("arm-cortex-a72-5.4", "arm-cortex-a72", "dtlb_misses", 1.0, "perf stat l1d_tlb_refill:u"),
        ("sifive-u74-6.6", "sifive-u74", "stlb_misses", 0.33, "perf stat utlb_miss"),
        (
            "riscv64-sbi-6.1",
            "riscv64",
            "dtlb_misses",
            1.0,
            "perf stat dTLB-load-misses+dTLB-store-misses",
        ),
    ],
)
def test_a_value_says_its_events_by_name_and_for_what_share_of_the_time_they_ran(
    recording: str, processor: str, metric: str, share: float, source: str
) -> None:
    value = found(recording, processor)[metric]
    assert isinstance(value, Sample)
    assert (value.provenance.share, value.provenance.source) == (pytest.approx(share), source)


@pytest.mark.parametrize(
    ("recording", "processor", "metric", "said"),
    [
        ("intel-icelake-6.1-multiplexed", "intel-icelake", "branch_misses", "was not counted"),
        # One of its two events never ran: half a sum is no sum.
        ("amd-zen3-5.10", "amd-zen3", "llc_misses", "mem_io_remote was not counted"),
        ("amd-zen3-5.10", "amd-zen3", "walk_cycles", "AMD's cores have no event"),
        ("arm-cortex-a72-5.4", "arm-cortex-a72", "stlb_misses", "first-level TLBs only"),
        ("arm-cortex-a72-5.4", "arm-cortex-a72", "context_switches", "excludes the kernel"),
        ("thead-c9xx-5.10", "thead-c9xx", "llc_misses", "ll_cache_read_miss is not supported"),
        ("thead-c9xx-5.10", "thead-c9xx", "alignment_faults", "is not supported"),
        ("sifive-u74-6.6", "sifive-u74", "llc_misses", "outside the core"),
        ("spacemit-x60-6.6", "spacemit-x60", "llc_misses", "see L2 misses"),
        ("riscv64-sbi-6.1", "riscv64", "stlb_misses", "raw event"),
    ],
)
def test_what_a_processor_or_its_kernel_lacks_is_missing_with_the_reason(
    recording: str, processor: str, metric: str, said: str
) -> None:
    value = found(recording, processor)[metric]
    assert isinstance(value, Missing)
    assert said in value.reason


@pytest.mark.parametrize(("who", "suffix"), [("root", ""), ("user", ":u")])
def test_a_recording_of_a_machine_without_a_pmu_has_the_kernels_counts_and_no_zeros(
    who: str, suffix: str
) -> None:
    """Recorded, on a virtual machine that shows a Golden Cove and hides its PMU."""
    processor = PROCESSORS["intel-golden-cove"]
    text = recorded(f"golden-cove-without-pmu-6.1-{who}")
    values = {value.metric: value for value in samples(text, 1, processor)}
    faults = values["page_faults"]
    assert isinstance(faults, Sample)
    assert faults.provenance.source == f"perf stat page-faults{suffix}"
    for metric, value in values.items():
        if metric not in ("page_faults", "task_clock", "context_switches"):
            assert isinstance(value, Missing)
    assert isinstance(values["context_switches"], Sample if who == "root" else Missing)


def test_an_event_that_was_not_counted_in_a_trial_may_be_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    processor = PROCESSORS["intel-icelake"]
    lines = parse_csv(
        constructed("intel-icelake-6.1-multiplexed"), [e.asked for c in processor.counted for e in c.all]
    )
    offered = offers(processor, lines)["branch_misses"]
    assert isinstance(offered, Provenance)
    assert offered.source == "perf stat branch-misses"


# -- from perf to the report, through the real runner ------------------------------------------------


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Put a perf on PATH that plays a recording of a processor, on a kernel that refuses us its own door."""

    def refuse(event: Event, pid: int, user_only: bool, leader: int = -1) -> int:
        raise PermissionError(errno.EACCES, "refused")

    def played(recording: str, processor: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        perf = folder / "perf"
        file = FIXTURES / "constructed" / f"{recording}.csv"
        perf.write_text(f'#!/bin/sh\nexec "{sys.executable}" -ISs "{REPLAYER}" "{file}" "$@"\n')
        perf.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        for module in (perf_stat, recordable):
            monkeypatch.setattr(module, "this_processor", lambda: PROCESSORS[processor])

    recordable._problem.cache_clear()
    monkeypatch.setattr(perf_syscall, "open_event", refuse)
    devices = tmp_path / "devices" / "armv8_pmuv3_0" / "events"
    devices.mkdir(parents=True)
    for counted in PROCESSORS["arm64"].counted:
        (devices / counted.events[0].name).write_text("")
    monkeypatch.setattr(sysfs_events, "DEVICES", tmp_path / "devices")
    yield played
    recordable._problem.cache_clear()


def execute(workload: Path) -> Run:
    runner = Local()
    return runner.execute(Job(Artifact((str(workload),), runner.target), ("--pages=100",), 1))


@pytest.mark.parametrize(
    ("recording", "processor"),
    [("intel-icelake-6.1-multiplexed", "intel-icelake"), ("arm-neoverse-6.1", "arm-neoverse")],
)
def test_the_real_runner_brings_what_perf_said_into_the_history_and_the_report(
    play: Callable[[str, str], None], workload: Path, tmp_path: Path, recording: str, processor: str
) -> None:
    play(recording, processor)
    run = execute(workload)
    assert run.outcome is Outcome.OK
    operations = 100
    walks = next(sample for sample in run.samples if sample.metric == "stlb_misses")
    assert walks.value == pytest.approx(6000 / operations)

    case = Case("tlb.Chase")
    revisions = [Revision("malloc", digit * 40, f"v{digit}", int(digit)) for digit in "12"]
    history = History(tmp_path / "results", "malloc")
    facts = {"machine": "board", "arch": "x86_64"}
    for revision in revisions:
        runs = [LoggedRun(case, "sitting", 1.0 + number, "1", run) for number in range(3)]
        history.log("board", revision.commit, runs)
        history.publish("board", facts, revision, [], "sitting")

    values = history.records(revisions[0].commit, "board")[case].values["stlb_misses"]
    assert values.provenance == walks.provenance
    assert walks.provenance.share < 1
    comparison = judge_pair(history, (revisions[0], revisions[1]), history.machines(), Settings())
    told = {source.how: source.metrics for source in sources(comparison, comparison.machines[0])}
    how = f"hardware, sampled, estimated: counted {walks.provenance.share:.0%} of the time"
    assert f"L2 TLB misses by {walks.provenance.source}" in told[how]
    assert any("L2 TLB misses was counted only" in warning for warning in comparison.warnings)


@pytest.mark.parametrize(("recording", "processor", "architecture"), CONSTRUCTED)
def test_a_runner_offers_just_what_a_run_then_has(
    play: Callable[[str, str], None], workload: Path, recording: str, processor: str, architecture: str
) -> None:
    play(recording, processor)
    runner = Local()
    told_by_workloads = {"overhead", "settled_rss"}
    offered = {m for m, value in runner.availability().items() if isinstance(value, Provenance)}
    offered -= told_by_workloads
    had = {sample.metric for sample in execute(workload).samples}
    multiplexed_away = {"intel-icelake": {"branch_misses"}, "amd-zen3": {"llc_misses"}}
    assert offered - had == multiplexed_away.get(processor, set())
    assert had <= offered


def test_where_the_pmu_cannot_sample_time_is_sampled_by_the_kernel_and_misses_are_only_counted(
    play: Callable[[str, str], None], workload: Path
) -> None:
    """riscv64 without Sscofpmf: record, then stat, then the kernel's own events, and each step is said."""
    play("riscv64-sbi-6.1", "riscv64")
    runner, said = Local(), list[str]()
    artifact = Artifact((str(workload),), runner.target)

    def attempt(event: str) -> None:
        runner.execute(Job(artifact, (), 1, record=event))

    assert clock_event(attempt, said.append) == "cpu-clock"
    assert "cannot sample it (riscv64 without Sscofpmf?)" in said[0]
    with pytest.raises(Unavailable, match="cannot sample it") as error:
        runner.require_event("dTLB-load-misses")
    assert "`pagewalk run` counts L1 dTLB misses" in error.value.remedy
    counted = {sample.metric for sample in execute(workload).samples}
    assert "dtlb_misses" in counted
