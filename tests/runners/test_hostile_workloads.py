"""Workloads that mean no good, natively and under emulation: a clear record, and nothing left behind."""

import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pagewalk.model import Outcome, Run, Target
from pagewalk.protocols import Runner
from runners.facts import host_architecture
from runners.local import Local
from runners.qemu_user import ARCHITECTURES, QemuUser
from tests.runners.hostile import (
    CLOCK_AHEAD,
    CLOCK_BACK,
    ENDLESS_FLOOD,
    FLOOD,
    FULL_DISK,
    NEVER_ENDS,
    WRONG_JSON,
    marked,
    shell_job,
)
from tests.small_disk import small_disk

pytestmark = pytest.mark.slow


@pytest.fixture(params=["local", "emulated"])
def runner(request: pytest.FixtureRequest) -> Runner:
    """This machine, and the same architecture under emulation: any of its programs is a workload then."""
    if request.param == "local":
        return Local()
    if host_architecture() not in ARCHITECTURES:
        pytest.skip(f"no emulated runner for {platform.machine()}")
    emulated = QemuUser(Target(host_architecture()))
    if reason := emulated.unavailable():
        pytest.skip(reason)
    return emulated


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where executions have their folders; empty at the end."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def executed(runner: Runner, script: str, timeout: float = 60.0) -> Run:
    """Return the run of a script, of which nothing may be left."""
    run = runner.execute(shell_job(script, runner.target, timeout))
    assert marked() == []
    return run


def short(runner: Runner) -> float:
    """Return a timeout of some two seconds: emulation has twenty times as long."""
    return 0.1 if runner.emulated else 2.0


@pytest.mark.usefixtures("temporary")
def test_a_flood_is_cut_and_its_end_is_kept(runner: Runner) -> None:
    run = executed(runner, FLOOD)
    assert run.crash is not None
    assert (run.outcome, run.crash.exit_status) == (Outcome.FAILED, 9)
    assert "panic: the end" in run.crash.last_output
    assert len(run.crash.last_output) <= 110


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize("script", [ENDLESS_FLOOD + "; wait", NEVER_ENDS], ids=["flood", "silence"])
def test_what_never_ends_is_killed_with_all_that_it_started(runner: Runner, script: str) -> None:
    run = executed(runner, script, short(runner))
    assert (run.outcome, run.samples) == (Outcome.TIMEOUT, ())
    assert run.facts["failure"] == "killed when its time was up"


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize(
    ("script", "said"),
    [
        (WRONG_JSON, "is not JSON"),
        (CLOCK_BACK, "has seconds that no clock shows"),
        (CLOCK_AHEAD, "has seconds that no clock shows"),
    ],
    ids=["wrong JSON", "clock goes back", "clock goes ahead"],
)
def test_what_cannot_be_is_a_failure_and_no_number(runner: Runner, script: str, said: str) -> None:
    run = executed(runner, script)
    assert (run.outcome, run.samples) == (Outcome.FAILED, ())
    assert said in run.facts["failure"]


def test_a_workload_that_fills_the_disk_costs_counts_and_makes_no_zeros(
    runner: Runner, temporary: Path
) -> None:
    with small_disk(temporary):
        run = executed(runner, FULL_DISK)
    assert run.outcome is Outcome.OK
    reasons = {missing.metric: missing.reason for missing in run.missing}
    if runner.emulated:
        assert run.samples == ()
        assert "emulator plugin" in reasons["instructions"]
    assert all(sample.value > 0 or sample.metric == "context_switches" for sample in run.samples)
