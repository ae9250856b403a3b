"""Instructions of Go workloads are linear in operations: start-up, set-up and calibration are left out.

Only of those that allocate nothing: a collection comes when it comes.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pagewalk.model import Artifact, Job, Outcome
from runners.qemu_user import discover

pytestmark = pytest.mark.slow
LOOPS = (2, 8, 16, 32)


def total(program: Path, arguments: tuple[str, ...], loops: int) -> float:
    """Instructions of a region, counted by the emulator's plugin."""
    (runner,) = [r for r in discover() if r.target.architecture == "x86_64"]
    if runner.unavailable():
        pytest.skip(runner.unavailable())
    artifact = Artifact((str(program),), runner.target, (program,))
    done = runner.execute(Job(artifact, arguments, loops, threads=True))
    assert done.outcome is Outcome.OK, done.crash
    an_operation = next(sample.value for sample in done.samples if sample.metric == "instructions")
    return an_operation * loops


@pytest.mark.parametrize(
    "line",
    [
        ("gomap", "--operation=lookup-hit"),
        ("gomap", "--operation=delete-insert", "--keys=string"),
        ("gorand",),
    ],
    ids=" ".join,
)
def test_instructions_are_linear_in_operations_and_begin_at_none(
    go: Callable[[str], Path], line: tuple[str, ...]
) -> None:
    program, *arguments = line
    totals = [total(go(program), tuple(arguments), n) for n in LOOPS]
    slope, start = np.polyfit(LOOPS, totals, 1)
    assert np.corrcoef(LOOPS, totals)[0, 1] ** 2 > 0.999
    # Less than one loop: what lies outside the region is thousands of operations.
    assert abs(start) < slope
