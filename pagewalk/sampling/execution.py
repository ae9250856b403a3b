"""One execution of a case, and whether it was of what we meant to execute."""

from dataclasses import replace

from pagewalk.errors import BuildFailed
from pagewalk.model import Artifact, Crash, Job, Outcome, Run
from pagewalk.protocols import Runner
from pagewalk.suite.discovery import SuiteCase


def execute(runner: Runner, artifact: Artifact, case: SuiteCase, seed: int, *, record: str = "") -> Run:
    """Execute once and return the run, with the facts of the build among its own.

    A preloaded allocator that is not the one the workload found `malloc` in makes the run `failed`:
    its numbers would be somebody else's.

    Args:
        record: an event to record with its call stacks instead of measuring.
    """
    job = Job(
        artifact=artifact,
        arguments=case.arguments,
        exact_loops=case.exact_loops,
        seed=seed,
        threads=case.threads,
        record=record,
    )
    run = runner.execute(job)
    run = replace(run, facts={**artifact.facts, **run.facts})
    expected, found = run.facts.get("allocator_expected"), run.facts.get("allocator")
    if run.outcome is Outcome.OK and expected and found and expected != found:
        words = f"malloc came from {found}, not from {expected}: the preload did not take"
        crash = Crash(exit_status=0, last_output=(words,))
        return Run(Outcome.FAILED, crash=crash, facts=run.facts)
    return run


def build_failed(error: BuildFailed) -> Run:
    """Return the run that stands for a revision that did not build."""
    lines = (*str(error).splitlines(), *error.log.splitlines()[-100:])
    return Run(Outcome.BUILD_FAILED, crash=Crash(last_output=lines))


def unsupported(reason: str) -> Run:
    """Return the run that stands for what cannot be had on a target."""
    return Run(Outcome.UNSUPPORTED, crash=Crash(last_output=(reason,)))
