"""The plugin and cachegrind, which simulate the same caches by other people's code, are of one opinion."""

from collections.abc import Mapping

import pytest
from guests import Build, sources

from pagewalk.model import Artifact, Job, Outcome, Precision, Run
from pagewalk.plugins import runner_named

LOOPS = 25


def values(run: Run) -> Mapping[str, float]:
    assert run.outcome is Outcome.OK
    return {sample.metric: sample.value for sample in run.samples}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("workload", "arguments"),
    [
        ("churn", ("--size=64",)),
        ("churn", ("--size=500", "--live=50000")),
        ("chase_lines", ("--lines=1024",)),
        ("chase_pages", ("--pages=1600",)),
    ],
)
def test_instructions_and_misses_are_those_of_cachegrind(
    build: Build, workload: str, arguments: tuple[str, ...]
) -> None:
    """Of the plugin, too, the second half of twice the loops is taken. Static and without a choice of
    functions at start-up, so that both execute the same instructions. A working set of just the cache's
    size would be decided by where the stack lies, which is not the same under both: up to 0.15 %.
    """
    ours, theirs = runner_named("qemu-x86_64"), runner_named("cachegrind")
    for reason in (ours.unavailable(), theirs.unavailable()):
        if reason:
            pytest.skip(reason)
    if theirs.target.architecture != "x86_64":
        pytest.skip("cachegrind executes this machine's architecture, and the guests are x86_64")
    artifact = Artifact((str(build("x86_64", *sources(workload))),), ours.target)
    once, twice = (values(ours.execute(Job(artifact, arguments, n * LOOPS))) for n in (1, 2))
    second = theirs.execute(Job(artifact, arguments, LOOPS))
    found = values(second)
    assert 2 * twice["instructions"] - once["instructions"] == pytest.approx(found["instructions"], rel=1e-4)
    assert 2 * twice["l1d_misses"] - once["l1d_misses"] == pytest.approx(found["l1d_misses"], rel=1e-3)
    assert found["l1d_misses"] > 0.01
    assert {sample.provenance.precision for sample in second.samples} == {Precision.SAMPLED}
