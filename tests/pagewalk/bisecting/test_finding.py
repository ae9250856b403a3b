"""What a report is told of a search beside its answer."""

from pathlib import Path

from pagewalk.analysis.bisection import Answer, Kind, Status
from pagewalk.bisecting.finding import finding_of
from pagewalk.bisecting.probe import Execution
from pagewalk.bisecting.search import Question
from pagewalk.bisecting.state import State
from pagewalk.reports.bisection_report import as_json, sentences

COMMITS = ["a" * 40, "b" * 40]


def told(kind: Kind, words: str) -> str:
    taken = [(commit, Execution(crashed=True, words=words)) for commit in COMMITS]
    state = State(Path("unwritten"), (), taken)
    answer = Answer(Status.NOT_REPRODUCED, kind, 0, 1, 0.0, [0.0, 1.0], reason="both ended badly")
    return sentences(finding_of(Question(COMMITS, "value"), state, answer))


def test_where_both_ends_fail_alike_the_last_words_say_what_to_mend() -> None:
    text = told(Kind.OUTCOME, "status 3 boom")
    assert "both ended badly. Last: status 3 boom." in text
    assert "execute it by hand" in text


def test_a_report_names_the_unit_that_a_command_printed() -> None:
    taken = [(commit, Execution({"value": 2.0}, unit="ms")) for commit in COMMITS]
    answer = Answer(Status.NOT_REPRODUCED, Kind.SAMPLED, 0, 1, 0.0, [0.0, 1.0])
    finding = finding_of(Question(COMMITS, "value"), State(Path("unwritten"), (), taken), answer)
    assert as_json(finding)["unit"] == "ms"


def test_numbers_that_do_not_differ_have_no_last_words() -> None:
    assert "boom" not in told(Kind.SAMPLED, "boom")
