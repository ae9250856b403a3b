"""What a sitting and a search tell of themselves while they run."""

import sys
from pathlib import Path

import pytest
from rich.console import Console

sys.path.insert(0, str(Path(__file__).parent.parent / "sampling"))

from test_sitting import FakeRunner, cells

from pagewalk.analysis.bisection.answer import Measure
from pagewalk.bisecting.probe import Execution
from pagewalk.bisecting.search import Question, Step
from pagewalk.bisecting.state import State
from pagewalk.commands import bisect_progress, progress
from pagewalk.history import History
from pagewalk.live import Live, live_in, reporting
from pagewalk.model import Outcome
from pagewalk.processes import Standing
from pagewalk.sampling import Sitting
from pagewalk.workflows.durations import Durations

COMMITS = ["a" * 40, "b" * 40, "c" * 40]


def quiet() -> Console:
    return Console(quiet=True)


def last(folder: Path) -> Live:
    (found,), problems = live_in(folder)
    assert not problems
    return found


def sat_through(tmp_path: Path, runner: FakeRunner) -> Live:
    sitting = Sitting(History(tmp_path / "results", "malloc"), "s", cells(runner), record_faults=False)
    with reporting(tmp_path / "live", "compare", "malloc") as live:
        progress.take_all(sitting, quiet(), live)
    return last(tmp_path / "live")


def test_a_sitting_tells_how_much_is_done_and_how_executions_ended(tmp_path: Path) -> None:
    told = sat_through(tmp_path, FakeRunner())
    assert (told.done, told.total, told.standing) == (16, 16, Standing.FINISHED)
    assert {result.outcome for result in told.results} == {"ok"}
    assert told.results[-1].words == "time 16.0 s"
    assert " on local" in told.results[-1].where


def test_nothing_is_told_of_the_time_that_nobody_knows(tmp_path: Path) -> None:
    history = History(tmp_path / "results", "malloc")
    turns = Sitting(history, "s", cells(FakeRunner()), record_faults=False).pending
    durations = Durations(tmp_path / "durations.json")
    assert progress.how_long(turns, durations) == (
        "16 executions; no estimate yet, since nothing like that was executed here before."
    )
    for turn in turns:
        durations.learn(turn, 2.0)
    assert progress.how_long(turns, durations) == "16 executions, about 32 s."


def test_no_wait_is_told_as_no_seconds_at_all(tmp_path: Path) -> None:
    history = History(tmp_path / "results", "malloc")
    turns = Sitting(history, "s", cells(FakeRunner()), record_faults=False).pending
    durations = Durations(tmp_path / "durations.json")
    for turn in turns:
        durations.learn(turn, 0.01)
    assert progress.how_long(turns, durations) == "16 executions, about 1 s."


def test_a_sitting_whose_program_fails_tells_that(tmp_path: Path) -> None:
    told = sat_through(tmp_path, FakeRunner(outcome=Outcome.CRASHED))
    assert {result.outcome for result in told.results} == {"crashed"}


def test_a_sitting_that_is_stopped_tells_how_far_it_came(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        sat_through(tmp_path, FakeRunner(stop_after=5))
    told = last(tmp_path / "live")
    assert (told.done, told.total, told.standing) == (5, 16, Standing.INTERRUPTED)


def test_a_step_of_a_command_has_the_unit_that_it_printed(tmp_path: Path) -> None:
    state = State(tmp_path / "abc.json", ("q",))
    with (
        reporting(tmp_path / "live", "bisect", "./measure") as live,
        bisect_progress.watching(quiet(), Question(COMMITS, "value"), state, live),
    ):
        state.add(COMMITS[0], Execution({"value": 12000.0}, unit="ms"))
    assert [result.words for result in last(tmp_path / "live").results] == ["12000 ms"]


def test_a_search_tells_its_steps_what_each_came_to_and_what_does_not_build(tmp_path: Path) -> None:
    question = Question(COMMITS, "time", unit="seconds")
    state = State(tmp_path / "bisect" / "abc.json", ("q",))
    found = [Execution({"time": 1e-6}), Execution(crashed=True, words="SIGSEGV"), None]
    with (
        reporting(tmp_path / "live", "bisect", "malloc") as live,
        bisect_progress.watching(quiet(), question, state, live) as on_step,
    ):
        for taken, (commit, execution) in enumerate(zip(COMMITS, found, strict=True)):
            on_step(Step(Measure(taken, (), 7), commit, min(taken, 2)))
            state.add(commit, execution)
    told = last(tmp_path / "live")
    assert [(r.where, r.outcome, r.words) for r in told.results] == [
        ("a" * 10, "ok", "1.00 µs"),
        ("b" * 10, "crashed", "SIGSEGV"),
        ("c" * 10, "build-failed", ""),
    ]
    assert (told.search, told.done) == ("abc", 2)
    assert told.commits == (("a" * 10, "a" * 40), ("c" * 10, "c" * 40))
