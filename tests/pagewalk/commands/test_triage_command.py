"""pagewalk triage as it is typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pagewalk.commands.triage import command
from pagewalk.errors import PagewalkError
from pagewalk.history import History
from pagewalk.history.codec import LoggedRun
from pagewalk.model import Case, Outcome, Revision, Run

TIME = "alloc.Churn.track_time"
SLOW = Revision("malloc", "b" * 40, "v2.1.4", 1_700_000_000)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    history = History(tmp_path / "malloc")
    history.log("vm", SLOW.commit, [LoggedRun(Case("alloc.Churn"), "s", 1.0, "1", Run(Outcome.OK))])
    history.publish("vm", {"arch": "x86_64"}, SLOW, [], "s")
    return tmp_path


def typed(results: Path, *words: str) -> Result:
    return CliRunner().invoke(command, ["--results", str(results), "-s", "malloc", *words])


def decisions(results: Path) -> list[tuple[str, str, str]]:
    answer = json.loads(typed(results, "--format", "json").stdout)
    return [(d["decision"], d["at"], d["reason"]) for d in answer["decisions"]]


def test_a_decision_shows_in_the_list_and_can_be_taken_back(results: Path) -> None:
    assert "Nothing was decided" in typed(results).stdout
    assert typed(results, "false-alarm", "v2.1.4", TIME, "--reason", "throttled").exit_code == 0
    assert decisions(results) == [("false-alarm", SLOW.commit, "throttled")]
    assert "throttled" in typed(results).stdout
    assert typed(results, "reopen", "bbbbbb", TIME).exit_code == 0
    assert decisions(results) == []


def test_a_crash_is_named_by_its_fingerprint(results: Path) -> None:
    assert typed(results, "fixed", "crash:0123456789ab", "alloc.Churn", "--by", "v2.1.4").exit_code == 0
    assert decisions(results) == [("fixed", "0123456789ab", "")]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["acknowledge", "v9", TIME], "“v9” names no revision"),
        (["false-alarm", "v2.1.4", TIME], "needs a reason"),
        (["fixed", "v2.1.4", TIME], "fixed by a commit"),
    ],
)
def test_what_cannot_be_meant_says_what_to_type(results: Path, words: list[str], message: str) -> None:
    error = typed(results, *words).exception
    assert isinstance(error, PagewalkError)
    assert message in error.message
    assert error.remedy
