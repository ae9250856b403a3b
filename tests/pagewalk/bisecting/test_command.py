"""What a command says, and what is kept of it."""

import json
from pathlib import Path

import pytest

from pagewalk.bisecting.command import last_number
from pagewalk.bisecting.probe import Execution
from pagewalk.bisecting.state import load
from pagewalk.errors import ConfigError


@pytest.mark.parametrize(
    ("output", "number"),
    [
        ("12.5\n", 12.5),
        ("time: 1\ntime: 3.5 ms\n", 3.5),
        ("took 1.5e-3s", 0.0015),
        ("-4 %", -4.0),
        ("done.\n", None),
        ("at 1234abcdef", None),
        ("nan", None),
        ("1e999", None),
        ("", None),
    ],
)
def test_the_last_number_of_an_output_is_the_value(output: str, number: float | None) -> None:
    assert last_number(output) == number


def test_a_state_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    path, commit = tmp_path / "s.json", "a" * 40
    state = load(path, ("q",))
    state.add(commit, Execution({"time": 1.5}, frozenset({"time"}), False, "ok"))
    state.add("b" * 40, None)
    again = load(path, ("q",))
    assert (again.taken, again.skipped) == (state.taken, state.skipped)
    assert not load(path, ("q",), fresh=True).taken


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 1, "question": ["q"], "taken": [{}]}'])
def test_a_state_that_is_none_says_how_to_begin_anew(tmp_path: Path, content: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match="--fresh"):
        load(path, ("q",))


def test_the_state_of_another_search_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"format": 1, "question": ["other"], "taken": [], "skipped": []}))
    with pytest.raises(ConfigError, match="another bisection"):
        load(path, ("q",))
