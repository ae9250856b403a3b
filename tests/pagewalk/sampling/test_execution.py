"""What becomes of a case that has to end badly, and of one that does so unasked."""

from dataclasses import replace
from pathlib import Path

import pytest
from test_sitting import TARGET, FakeRunner, case_named

from pagewalk.commands.run import summary_row
from pagewalk.model import Artifact, Case, Crash, Job, Outcome, Record, Run
from pagewalk.sampling.execution import execute

RACE = Crash(exit_status=2, last_output=("fatal error: concurrent map writes",))
HAS_TO_FAIL = replace(case_named("gomap.ConcurrentWrites"), ending="exit status 2")


class Ending(FakeRunner):
    """Ends every execution alike."""

    run = Run(Outcome.OK)

    def execute(self, _: Job) -> Run:
        return self.run


def ended(run: Run) -> Run:
    runner = Ending()
    runner.run = run
    return execute(runner, Artifact(("a",), TARGET, files=(Path("a"),)), HAS_TO_FAIL, seed=1)


def test_a_failure_that_has_to_come_is_as_expected_and_keeps_what_it_said() -> None:
    run = ended(Run(Outcome.FAILED, crash=RACE))
    assert run.outcome is Outcome.AS_EXPECTED
    assert run.crash == RACE


def test_where_it_does_not_come_that_is_the_failure() -> None:
    run = ended(Run(Outcome.OK))
    assert run.outcome is Outcome.FAILED
    assert run.crash is not None
    assert run.crash.last_output == ("it has to end with exit status 2, and ended well",)


@pytest.mark.parametrize(
    "run",
    [
        Run(Outcome.FAILED, crash=Crash(exit_status=1)),
        Run(Outcome.CRASHED, crash=Crash("SIGSEGV")),
        Run(Outcome.TIMEOUT),
    ],
)
def test_another_bad_ending_stays_what_it_is(run: Run) -> None:
    assert ended(run).outcome is run.outcome


def test_the_summary_of_a_run_tells_what_was_expected_apart_from_what_is_not_ok() -> None:
    expected = Record(Case("gomap.ConcurrentWrites"), {Outcome.AS_EXPECTED: 10}, {})
    fine = Record(Case("gomap.Map"), {Outcome.OK: 10}, {})
    assert [str(cell) for cell in summary_row([expected, fine])] == ["2", "gomap.ConcurrentWrites", "none"]
    crashed = fine._replace(outcomes={Outcome.CRASHED: 10})
    assert [str(cell) for cell in summary_row([crashed])] == ["1", "none", "gomap.Map: crashed"]
