"""This machine as a runner: every metric is there or says why not, and jobs end as they should."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.events import TIMELINE, EventKind
from pagewalk.metrics import METRICS
from pagewalk.model import Artifact, Job, Missing, Outcome, Provenance, Target
from runners import processors
from runners.counters import perf_syscall
from runners.counters.events.kernel import Event
from runners.local import Local, discover

MakeJob = Callable[..., Job]


@pytest.fixture
def job(workload: Path) -> MakeJob:
    def make(*arguments: str, **more: object) -> Job:
        environment = {"FROM_THE_ARTIFACT": "1"}
        artifact = Artifact((str(workload),), Local().target, (workload,), environment)
        return Job(artifact, arguments, exact_loops=3, **more)  # type: ignore[arg-type]

    return make


def test_every_machine_has_the_one_runner() -> None:
    (runner,) = discover()
    assert (runner.name, runner.emulated, runner.unavailable()) == ("local", False, "")
    assert runner.target.architecture in {"x86_64", "arm64", "riscv64", "armv7"}


def test_every_metric_has_a_provenance_or_a_reason() -> None:
    availability = Local().availability()
    assert set(availability) == set(METRICS)
    for metric, value in availability.items():
        if isinstance(value, Missing):
            assert (value.metric, bool(value.reason)) == (metric, True)
        else:
            assert value.source


def test_a_run_has_every_metric_or_the_reason_why_not(job: MakeJob) -> None:
    runner = Local()
    run = runner.execute(job("--pages=500"))
    assert run.outcome is Outcome.OK
    had = [sample.metric for sample in run.samples]
    lacking = [missing.metric for missing in run.missing]
    assert sorted(had + lacking) == sorted(METRICS)
    offered = {name for name, value in runner.availability().items() if isinstance(value, Provenance)}
    # This workload says nothing of its memory, which only the workload knows.
    assert set(had) == offered - {"overhead", "settled_rss"}


def test_the_seed_reaches_the_workload_and_moves_its_environment(job: MakeJob) -> None:
    runs = [Local().execute(job(seed=seed)) for seed in (1, 2, 1)]
    assert [run.facts["seed"] for run in runs] == ["1", "2", "1"]
    padding = [run.facts["padding"] for run in runs]
    assert padding[0] == padding[2] != padding[1]


def test_one_thread_is_pinned_and_threads_are_not(job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(processors.VARIABLE, raising=False)
    ours = processors.allowed()
    assert Local().execute(job()).facts["cpus"] == str(max(ours))
    threaded = Local().execute(job("--threads=2", threads=True))
    assert threaded.facts["cpus"] == ",".join(map(str, sorted(ours)))


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [("raw-segv", Outcome.CRASHED), ("exit-3", Outcome.FAILED), ("hang", Outcome.TIMEOUT)],
)
def test_a_bad_end_is_a_run_with_the_facts_of_the_moment(job: MakeJob, mode: str, outcome: Outcome) -> None:
    run = Local().execute(job(f"--mode={mode}", timeout=0.5))
    assert run.outcome is outcome
    assert run.samples == ()
    assert "cpus" in run.facts


def test_an_artifact_for_another_architecture_is_unsupported(workload: Path) -> None:
    foreign = Target("riscv64" if Local().target.architecture != "riscv64" else "arm64")
    assert Local().execute(Job(Artifact((str(workload),), foreign), (), 1)).outcome is Outcome.UNSUPPORTED


def test_nothing_is_left_in_the_temporary_folder(
    job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    Local().execute(job())
    Local().execute(job("--mode=segv"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")
def test_where_the_kernel_refuses_us_perf_counts(job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where perf has CAP_PERFMON as a file capability and we have nothing."""

    def refuse(event: Event, pid: int, user_only: bool, leader: int = -1) -> int:
        raise PermissionError(errno.EACCES, "refused")

    monkeypatch.setattr(perf_syscall, "open_event", refuse)
    run = Local().execute(job("--pages=300"))
    (faults,) = [sample for sample in run.samples if sample.metric == "page_faults"]
    assert faults.value == 1.0
    assert faults.provenance.source == "perf stat page-faults"
    crashed = Local().execute(job("--mode=raw-segv"))
    assert crashed.crash is not None
    assert crashed.crash.signal == "SIGSEGV"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")
@pytest.mark.parametrize("pages", [100, 60_000])
def test_recorded_faults_are_folded_and_a_full_recording_says_so(job: MakeJob, pages: int) -> None:
    run = Local().execute(job(f"--pages={pages}", record="page-faults"))
    assert run.outcome is Outcome.OK
    assert run.samples == ()
    assert ";main " in run.folded
    assert ("recorded" in run.facts) == (pages > 1000)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")
def test_the_time_line_of_a_real_crash_ends_with_its_fault_and_its_signal(crashing: Path) -> None:
    local = Local()
    local.require_event(TIMELINE)
    artifact = Artifact((str(crashing),), local.target, (crashing,))
    run = local.execute(Job(artifact, ("--loops=1", "--how=5"), 1, record=TIMELINE))
    assert run.crash is not None
    assert run.crash.faults[-1] == "0x20000018 in read_beyond_file"
    assert run.events[0].kind is EventKind.BEGIN
    deadly = next(event for event in run.events if event.address == 0x20000018)
    after = [event for event in run.events if event.at > deadly.at and event.kind is not EventKind.FAULT]
    if os.access("/sys/kernel/tracing/events", os.X_OK):
        assert [event.detail for event in after] == ["SIGBUS goes to its handler", "SIGBUS ends it"]
        assert EventKind.END not in {event.kind for event in run.events}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")
def test_a_region_that_ends_well_lies_between_its_marks(job: MakeJob) -> None:
    run = Local().execute(job("--pages=300", record=TIMELINE))
    assert run.outcome is Outcome.OK
    faults = [event for event in run.events if event.kind is EventKind.FAULT]
    assert len(faults) == int(run.facts["events"]) - 2
    assert 300 <= len(faults) <= 310
    assert {run.events[0].kind, run.events[-1].kind} == {EventKind.BEGIN, EventKind.END}
