"""Decisions about findings: the last one holds, whatever order git joined the lines in."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.errors import ConfigError, HistoryError
from pagewalk.history.triage import NAME, Decision, Finding, Kind, Note, read, record, state_of

STEP = Finding(Kind.CHANGE, "a" * 40, "alloc.Churn.track_time")
CRASH = Finding(Kind.CRASH, "0123456789ab", "alloc.Churn")


def note(finding: Finding, decision: Decision, when: float) -> Note:
    return Note(finding, decision, reason="looked at it", fixed_by="b" * 40, who="me", when=when)


def test_a_decision_is_read_back_and_may_be_taken_back(tmp_path: Path) -> None:
    first = note(STEP, Decision.FIXED, 1.0)
    record(tmp_path, [first, note(CRASH, Decision.ACKNOWLEDGED, 2.0)])
    assert read(tmp_path)[0][STEP] == first
    record(tmp_path, [note(STEP, Decision.OPEN, 3.0)])
    assert list(read(tmp_path)[0]) == [CRASH]


def test_the_state_of_a_folder_is_another_one_after_each_decision(tmp_path: Path) -> None:
    states = [state_of(tmp_path)]
    for decision in (Decision.ACKNOWLEDGED, Decision.OPEN):
        record(tmp_path, [note(STEP, decision, 1.0)])
        states.append(state_of(tmp_path))
        assert state_of(tmp_path) == states[-1]
    assert states[0] is None
    assert len(set(states)) == 3


@given(st.permutations(range(6)))
def test_the_order_of_lines_does_not_matter(order: list[int]) -> None:
    import tempfile  # noqa: PLC0415 - hypothesis runs a test function often, fixtures once

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        decisions = list(Decision)[:3] * 2
        record(folder, [note(STEP, decisions[n], float(n)) for n in order])
        assert read(folder)[0][STEP].when == 5.0


def test_two_branches_that_both_decided_merge_without_a_conflict(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", "-C", str(tmp_path), *words]
        subprocess.run(command, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    record(tmp_path, [note(CRASH, Decision.ACKNOWLEDGED, 1.0)])
    git("add", ".")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "other")
    record(tmp_path, [note(STEP, Decision.FALSE_ALARM, 2.0)])
    git("commit", "-qam", "two")
    git("checkout", "-q", "main")
    record(tmp_path, [note(CRASH, Decision.FIXED, 3.0)])
    git("commit", "-qam", "three")
    git("merge", "-q", "other", "-m", "joined")
    found, problems = read(tmp_path)
    assert problems == []
    assert {f.at: n.decision for f, n in found.items()} == {STEP.at: "false-alarm", CRASH.at: "fixed"}


def test_lines_that_cannot_be_read_are_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(
        '{"kind": "change"\n[1]\n{"kind": "spell", "at": "", "benchmark": "", "when": 1}\n'
    )
    record(tmp_path, [note(STEP, Decision.ACKNOWLEDGED, 1.0)])
    found, problems = read(tmp_path)
    assert list(found) == [STEP]
    assert [path.rpartition(":")[2] for path, _ in problems] == ["1", "2", "3"]
    assert len((tmp_path / NAME).read_text().splitlines()) == 4


def test_a_false_alarm_without_a_reason_and_a_fix_without_a_commit_are_refused() -> None:
    with pytest.raises(ConfigError, match="needs a reason"):
        Note(STEP, Decision.FALSE_ALARM, reason=" ")
    with pytest.raises(ConfigError, match="fixed by a commit"):
        Note(STEP, Decision.FIXED)


def test_there_must_be_a_results_folder(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="no results folder"):
        record(tmp_path / "nowhere", [])


def test_every_line_stands_for_itself(tmp_path: Path) -> None:
    record(tmp_path, [note(STEP, Decision.ACKNOWLEDGED, 1.5)])
    (line,) = (tmp_path / NAME).read_text().splitlines()
    assert json.loads(line)["benchmark"] == STEP.benchmark
