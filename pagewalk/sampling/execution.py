"""One execution of a case, and whether it was of what we meant to execute."""

from dataclasses import replace

from pagewalk.analysis.fingerprints import cause
from pagewalk.errors import BuildFailed
from pagewalk.model import Artifact, Crash, Job, Outcome, Run
from pagewalk.protocols import Runner
from pagewalk.suite.discovery import SuiteCase


def execute(runner: Runner, artifact: Artifact, case: SuiteCase, seed: int, *, record: str = "") -> Run:
    """Execute once and return the run, with the facts of the build among its own.

    A preloaded allocator that is not the one the workload found `malloc` in makes the run `failed`:
    its numbers would be somebody else's. A case that has to end badly is `failed` where it does not.

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
        return _failed(run, words)
    return _as_it_has_to(run, case.ending) if case.ending else run


def _as_it_has_to(run: Run, ending: str) -> Run:
    """Return the run of a case that has to end badly: as expected, or failed where it ended well."""
    if run.outcome is Outcome.OK:
        return _failed(run, f"it has to end with {ending}, and ended well")
    if run.crash is not None and cause(run.crash) == ending:
        return replace(run, outcome=Outcome.AS_EXPECTED)
    return run


def _failed(run: Run, words: str) -> Run:
    crash = Crash(exit_status=0, last_output=(words,))
    return Run(Outcome.FAILED, crash=crash, facts=run.facts)


def build_failed(error: BuildFailed) -> Run:
    """Return the run that stands for a revision that did not build."""
    lines = (*str(error).splitlines(), *error.log.splitlines()[-100:])
    return Run(Outcome.BUILD_FAILED, crash=Crash(last_output=lines))


def unsupported(reason: str) -> Run:
    """Return the run that stands for what cannot be had on a target."""
    return Run(Outcome.UNSUPPORTED, crash=Crash(last_output=(reason,)))
