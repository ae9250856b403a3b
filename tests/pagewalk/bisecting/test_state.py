"""What is kept of a search: by whom, what was asked, and what is refused."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pagewalk.bisecting.asked import Asked
from pagewalk.bisecting.candidates import subject_lines
from pagewalk.bisecting.probe import Execution
from pagewalk.bisecting.state import State, load, read
from pagewalk.errors import ConfigError
from pagewalk.git import git
from pagewalk.processes import Standing

COMMITS = tuple((f"{n:040x}", f"change {n}") for n in range(9))
ASKED = Asked(COMMITS, "./measure", "/repo", metric="value", confidence=0.95, budget=50)


def kept(path: Path) -> State:
    """A search that was finished after two executions."""
    state = load(path, ("q",))
    with state.attempted(ASKED):
        state.add(COMMITS[0][0], Execution({"value": 1.0}))
        state.expect(7)
        state.add(COMMITS[8][0], Execution({"value": 2.0}))
        state.conclude("it is the fourth")
    return state


def test_what_was_asked_and_how_it_ended_comes_back(tmp_path: Path) -> None:
    state = kept(tmp_path / "s.json")
    again = read(tmp_path / "s.json")
    assert again == state
    assert again.asked == ASKED
    assert again.attempt is not None
    assert again.attempt.standing is Standing.FINISHED
    assert again.attempt.words == "it is the fourth"


def test_a_search_under_way_is_on_disk_before_anything_was_executed(tmp_path: Path) -> None:
    state = load(tmp_path / "s.json", ("q",))
    with state.attempted(ASKED):
        there = read(tmp_path / "s.json")
        assert there.attempt is not None
        assert (there.attempt.standing, there.taken) == (Standing.RUNNING, [])


@pytest.mark.parametrize(
    ("error", "standing"),
    [(KeyboardInterrupt(), Standing.INTERRUPTED), (ConfigError("nothing differs"), Standing.FAILED)],
)
def test_a_search_that_was_stopped_says_so(tmp_path: Path, error: BaseException, standing: Standing) -> None:
    state = load(tmp_path / "s.json", ("q",))
    with pytest.raises(type(error)), state.attempted(ASKED):
        raise error
    there = read(tmp_path / "s.json")
    assert there.attempt is not None
    assert there.attempt.standing is standing


def test_a_search_whose_process_was_killed_is_interrupted(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from test_state import ASKED, load\n"
        "state = load(Path(sys.argv[1]), ('q',))\n"
        "with state.attempted(ASKED): os.kill(os.getpid(), 9)"
    )
    path = tmp_path / "s.json"
    subprocess.run([sys.executable, "-c", code, str(path), str(Path(__file__).parent)], check=False)
    there = read(path)
    assert there.attempt is not None
    assert there.attempt.standing is Standing.INTERRUPTED


def test_a_file_from_before_there_was_a_question_in_it_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    row = {"commit": "a" * 40, "values": {"value": 1}, "exact": [], "crashed": False, "words": ""}
    path.write_text(json.dumps({"format": 1, "question": ["q"], "taken": [row], "skipped": ["b" * 40]}))
    state = load(path, ("q",))
    assert (len(state.taken), state.skipped, state.asked, state.attempt) == (1, ["b" * 40], None, None)


def test_a_question_longer_than_any_name_is_the_same_question_again(tmp_path: Path) -> None:
    long = ("x" * 100_000,)
    load(tmp_path / "s.json", long).add("a" * 40, None)
    assert load(tmp_path / "s.json", long).skipped == ["a" * 40]


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("asked", "commits", [["a" * 40, "one"]]),
        ("asked", "commits", [["a" * 40, "one"], ["a" * 40, "the same"]]),
        ("asked", "commits", [["../../etc/passwd", "one"], ["a" * 40, "two"]]),
        ("asked", "commits", [[f"{n:040x}", ""] for n in range(30_000)]),
        ("asked", "confidence", 1),
        ("asked", "confidence", "0.99"),
        ("asked", "budget", 10**9),
        ("asked", "build_cost", -1),
        ("asked", "metric", None),
        ("attempt", "process", {"pid": 0, "started": 1.0}),
        ("attempt", "process", None),
        ("attempt", "began", 10**400),
        ("attempt", "remaining", -3),
        ("attempt", "ended", "well"),
        ("taken", 0, {}),
        ("taken", 0, {"commit": "A" * 40, "values": {}, "exact": [], "crashed": True, "words": ""}),
        ("taken", 0, {"commit": "a" * 40, "values": {"v": 1e999}, "exact": [], "crashed": 0, "words": ""}),
    ],
)
def test_what_is_not_as_it_was_written_is_refused_with_the_file_and_a_way_out(
    tmp_path: Path, part: str, field: Any, value: Any
) -> None:
    path = tmp_path / "s.json"
    kept(path)
    body = json.loads(path.read_text())
    body[part][field] = value
    path.write_text(json.dumps(body))
    with pytest.raises(ConfigError, match=r"s\.json is no state") as caught:
        read(path)
    assert "--fresh" in caught.value.remedy


def test_subject_lines_come_in_the_order_of_the_commits(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    who = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    for name in ("first", "", "third"):
        git(tmp_path, "commit", "-q", "--allow-empty", "--allow-empty-message", "-m", name, extra=who)
    commits = git(tmp_path, "rev-list", "--reverse", "HEAD").split()
    assert subject_lines(tmp_path, commits) == ["first", "", "third"]
    assert subject_lines(tmp_path, commits[::-1]) == ["third", "", "first"]
