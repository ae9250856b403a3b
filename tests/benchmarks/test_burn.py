"""--burn-permille really burns the share that was asked for, and nothing where none was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import run

from pagewalk.model import Artifact, Job, Outcome
from runners.qemu_user import discover

Native = Callable[..., Path]
LOOPS = 20


@pytest.mark.parametrize(("permille", "passes"), [(0, 40), (25, 41), (100, 44), (1000, 80)])
def test_of_every_thousand_loops_so_many_are_done_again(native: Native, permille: int, passes: int) -> None:
    said = run(native("churn"), "--loops=40", "--live=1", "--size=64", f"--burn-permille={permille}")
    assert said.the("check")["allocated"] == 1 + 4 + 4096 * passes
    assert said.the("region")["operations"] == 4096 * 40


def test_more_than_all_of_it_again_is_refused(engine: Path) -> None:
    assert run(engine, "--burn-permille=1001").status == 64


def instructions(program: Path, permille: int, *, threads: bool = False) -> float:
    """Instructions an operation, counted exactly by the emulator's plugin."""
    (runner,) = [r for r in discover() if r.target.architecture == "x86_64"]
    if runner.unavailable():
        pytest.skip(runner.unavailable())
    artifact = Artifact((str(program),), runner.target, (program,))
    done = runner.execute(Job(artifact, (f"--burn-permille={permille}",), LOOPS, threads=threads))
    assert done.outcome is Outcome.OK, done.crash
    return next(sample.value for sample in done.samples if sample.metric == "instructions")


@pytest.mark.slow
@pytest.mark.parametrize(("permille", "tolerance"), [(50, 0.005), (100, 0.005)])
def test_under_emulation_a_c_workload_does_that_many_more_instructions(
    native: Native, permille: int, tolerance: float
) -> None:
    program = native("churn")
    grown = instructions(program, permille) / instructions(program, 0)
    assert grown == pytest.approx(1 + permille / 1000, abs=tolerance)


@pytest.mark.slow
def test_under_emulation_a_go_workload_does_that_many_more_instructions(go: Callable[[str], Path]) -> None:
    program = go("gomap")
    grown = instructions(program, 100, threads=True) / instructions(program, 0, threads=True)
    assert grown == pytest.approx(1.1, abs=0.02)
