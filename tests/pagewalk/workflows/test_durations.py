"""How long a sitting will take is told from how long its cases took before."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pagewalk.model import Case
from pagewalk.sampling.plan import Turn
from pagewalk.workflows.durations import Durations


def turn(name: str, machine: str = "board") -> Turn:
    runner = SimpleNamespace(machine=machine)
    return cast(
        Turn, SimpleNamespace(cell=SimpleNamespace(runner=runner, case=SimpleNamespace(case=Case(name))))
    )


def test_what_was_learned_is_expected_again_also_by_the_next_process(tmp_path: Path) -> None:
    first = Durations(tmp_path / "durations.json")
    first.learn(turn("alloc.Churn"), 2.0)
    first.keep()
    then = Durations(tmp_path / "durations.json")
    assert then.expected([turn("alloc.Churn")] * 3) == (6.0, 0)


def test_one_slow_execution_moves_the_expectation_a_little(tmp_path: Path) -> None:
    durations = Durations(tmp_path / "durations.json")
    for seconds in (1.0, 1.0, 11.0):
        durations.learn(turn("alloc.Churn"), seconds)
    expected = durations.expected([turn("alloc.Churn")])
    assert expected is not None
    assert 1 < expected[0] < 6


def test_what_is_not_known_is_guessed_from_its_machine_and_counted_as_a_guess(tmp_path: Path) -> None:
    durations = Durations(tmp_path / "durations.json")
    durations.learn(turn("alloc.Churn"), 7.0)
    assert durations.expected([turn("alloc.Other"), turn("alloc.Churn")]) == (14.0, 1)


def test_of_a_machine_that_nothing_was_executed_on_there_is_no_guess(tmp_path: Path) -> None:
    durations = Durations(tmp_path / "durations.json")
    assert durations.expected([turn("alloc.Churn")]) is None
    durations.learn(turn("alloc.Churn"), 7.0)
    assert durations.expected([turn("alloc.Churn"), turn("alloc.Churn", "qemu")]) is None


@pytest.mark.parametrize("junk", ["", "[]", "{", '{"a": "b", "c": -1, "d": true, "e": 1e400}', "\x00"])
def test_a_file_that_makes_no_sense_is_not_believed(tmp_path: Path, junk: str) -> None:
    path = tmp_path / "durations.json"
    path.write_text(junk)
    durations: Any = Durations(path)
    assert durations.expected([turn("a")]) is None
    durations.keep()
    assert path.read_text() == "{}"


def test_of_too_many_cases_those_that_ran_last_are_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pagewalk.workflows.durations._MOST", 2)
    path = tmp_path / "durations.json"
    for name in ("b", "c", "a", "b"):
        durations = Durations(path)
        durations.learn(turn(name), 1.0)
        durations.keep()
    assert Durations(path).expected([turn("a"), turn("b")]) == (2.0, 0)
    assert Durations(path).expected([turn("c")]) == (1.0, 1)


def test_two_commands_at_once_forget_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "durations.json"
    long, short = Durations(path), Durations(path)
    for durations, name in ((short, "alloc.Churn"), (long, "gomap.Map")):
        durations.learn(turn(name), 1.0)
        durations.keep()
    Durations(path).keep()
    assert Durations(path).expected([turn("alloc.Churn"), turn("gomap.Map")]) == (2.0, 0)
