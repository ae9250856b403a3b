"""The second opinion as a runner. What it says is in memsim/test_second_opinion.py."""

import shutil
from pathlib import Path

import pytest

from pagewalk.errors import Killed, Unavailable
from pagewalk.metrics import METRICS
from pagewalk.model import EMULATED, Artifact, Job, Outcome, Provenance
from pagewalk.plugins import load_runners, runner_named, runners_named
from runners.cachegrind import CachegrindRunner
from runners.facts import host_architecture
from tests.runners.killing import killed_when_seen


@pytest.fixture
def runner() -> CachegrindRunner:
    found = CachegrindRunner(host_architecture())
    if reason := found.unavailable():
        pytest.skip(reason)
    return found


def test_it_is_taken_only_where_it_is_named() -> None:
    assert "cachegrind" not in {found.name for found in load_runners()[0]}
    assert "cachegrind" not in {found.name for found in runners_named(())}
    named = runner_named("cachegrind")
    assert isinstance(named, CachegrindRunner)
    assert named.emulated
    assert named.machine.startswith(EMULATED)


def test_every_metric_has_a_provenance_or_a_reason(runner: CachegrindRunner) -> None:
    found = runner.availability()
    assert set(found) == set(METRICS)
    offered = {name for name, value in found.items() if isinstance(value, Provenance)}
    assert offered == {"instructions", "l1d_misses", "l2_misses"}


def test_without_valgrind_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    missing = CachegrindRunner("x86_64")
    assert missing.unavailable() == "valgrind is not installed: apt-get install valgrind"
    with pytest.raises(Unavailable, match="apt-get install"):
        missing.execute(Job(Artifact((str(tmp_path),), missing.target), (), 1))


@pytest.mark.slow
def test_a_crash_under_it_is_a_crash(runner: CachegrindRunner, workload: Path) -> None:
    run = runner.execute(Job(Artifact((str(workload),), runner.target), ("--mode=raw-segv",), 1))
    assert run.outcome is Outcome.CRASHED
    assert run.crash is not None
    assert run.crash.signal == "SIGSEGV"
    assert not any("valgrind" in line.lower() for line in run.crash.last_output)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["kill", "kill-thread"])
def test_a_workload_that_kills_itself_under_it_is_a_crash(
    runner: CachegrindRunner, workload: Path, mode: str
) -> None:
    run = runner.execute(Job(Artifact((str(workload),), runner.target), (f"--mode={mode}",), 1))
    assert run.outcome is Outcome.CRASHED
    assert run.crash is not None
    assert run.crash.signal == "SIGKILL"


@pytest.mark.slow
def test_a_killed_cachegrind_has_no_result(runner: CachegrindRunner, workload: Path) -> None:
    job = Job(Artifact((str(workload),), runner.target), ("--mode=hang",), 1)
    with killed_when_seen("cachegrind.*", "--mode=hang"), pytest.raises(Killed):
        runner.execute(job)
