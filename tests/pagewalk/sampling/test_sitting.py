"""Rounds: both sides by turns, everything written at once, gone on with after a stop."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from pagewalk.events import EventKind, TimedEvent
from pagewalk.history import History
from pagewalk.history.timelines import Timelines
from pagewalk.model import (
    Artifact,
    Case,
    Crash,
    Job,
    Missing,
    Origin,
    Outcome,
    Precision,
    Provenance,
    Revision,
    Run,
    Sample,
    Target,
)
from pagewalk.sampling import Cell, Side, Sitting, exact_on, rounds_for
from pagewalk.sampling.plan import Turn, turns
from pagewalk.suite import SuiteCase

TARGET = Target("x86_64")
CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "clock")
COUNTED = Provenance(Origin.SIMULATED, Precision.EXACT, "a fake")


@dataclass
class FakeRunner:
    """A runner at the edge: hands out what it is told to, one execution after another."""

    name: str = "local"
    emulated: bool = False
    exact: bool = True
    stop_after: int = 10**6
    outcome: Outcome = Outcome.OK
    facts_of_run: Mapping[str, str] = field(default_factory=dict)
    executed: list[tuple[str, int]] = field(default_factory=list)

    @property
    def machine(self) -> str:
        return self.name

    @property
    def target(self) -> Target:
        return TARGET

    def unavailable(self) -> str:
        return ""

    def facts(self) -> Mapping[str, str]:
        return {"os": "Linux", "arch": "x86_64", "cpu": "c", "num_cpu": "1", "ram": "1"}

    def availability(self) -> Mapping[str, Provenance | Missing]:
        return {"instructions": COUNTED} if self.emulated and self.exact else {"time": CLOCK}

    def execute(self, job: Job) -> Run:
        if len(self.executed) == self.stop_after:
            raise KeyboardInterrupt
        self.executed.append((job.artifact.command[0], job.seed))
        samples = (Sample("time", float(len(self.executed)), CLOCK),) if self.outcome is Outcome.OK else ()
        return Run(self.outcome, samples, facts=self.facts_of_run)


DESCRIPTION = {"name": "alloc.Churn.track_time", "params": [], "param_names": [], "version": "1"}


def case_named(name: str = "alloc.Churn", *, threads: bool = False) -> SuiteCase:
    return SuiteCase(
        Case(name), "churn", (), 1, threads, "1", ({**DESCRIPTION, "name": f"{name}.track_time"},)
    )


def side(letter: str, facts: Mapping[str, str] | None = None) -> Side:
    artifact = Artifact((letter,), TARGET, facts=facts or {})
    return Side(Revision("malloc", letter * 40, letter, 1), {"churn": artifact})


def cells(runner: FakeRunner, rounds: int = 4, **of_side: Mapping[str, str]) -> list[Cell]:
    sides = (side("a", **of_side), side("b", **of_side))
    return [Cell(runner, case_named(name), sides, rounds) for name in ("alloc.Churn", "alloc.Other")]


def run_all(sitting: Sitting) -> None:
    sitting.run(lambda _turn: None, lambda _turn, _run: None)


def test_sides_take_turns_and_the_first_one_changes_every_round() -> None:
    order = [
        (t.round, t.cell.case.case.benchmark, t.side.revision.name) for t in turns(cells(FakeRunner()), 0)
    ]
    for number in range(4):
        names = [entry for entry in order if entry[0] == number]
        expected = ["a", "b"] if number % 2 == 0 else ["b", "a"]
        assert [name for _, _, name in names[:2]] == [name for _, _, name in names[2:]] == expected
        assert names[0][1] == names[1][1] != names[2][1] == names[3][1]


def test_every_cell_gets_its_rounds() -> None:
    counts = Counter((t.cell.case.case, t.side.revision.name) for t in turns(cells(FakeRunner()), 0))
    assert set(counts.values()) == {4}


def test_exact_counters_take_two_executions_and_threads_more() -> None:
    emulated = FakeRunner("qemu-arm64", emulated=True)
    assert rounds_for(emulated, case_named()) == 2
    assert rounds_for(emulated, case_named(threads=True)) == 6
    assert rounds_for(FakeRunner(), case_named(), 25) == 25


def test_an_emulated_runner_that_promises_no_count_to_repeat_takes_more_executions() -> None:
    second_opinion = FakeRunner("cachegrind-x86_64", emulated=True, exact=False)
    assert not exact_on(second_opinion, case_named())
    assert 2 < rounds_for(second_opinion, case_named()) < rounds_for(FakeRunner("local"), case_named())


def test_stopped_half_way_it_keeps_what_was_taken_and_goes_on_from_there(tmp_path: Path) -> None:
    history = History(tmp_path / "malloc")
    with pytest.raises(KeyboardInterrupt):
        run_all(Sitting(history, name="s1", record_faults=False, cells=cells(FakeRunner(stop_after=5))))
    stored = sum(len(history.runs(letter * 40, "local", "s1")) for letter in "ab")
    assert stored == 5
    assert len(list((tmp_path / "malloc" / "local").glob("*-pagewalk.json"))) == 2
    second = FakeRunner()
    again = Sitting(history, name="s1", record_faults=False, cells=cells(second))
    assert len(again.pending) == 16 - 5
    run_all(again)
    assert len(second.executed) == 11
    records = history.records("a" * 40, "local", "s1")
    assert {len(record.values["time"].samples) for record in records.values()} == {4}


def test_both_sides_of_a_round_get_the_same_seed(tmp_path: Path) -> None:
    runner = FakeRunner()
    run_all(Sitting(History(tmp_path / "malloc"), name="s1", record_faults=False, cells=cells(runner)))
    seeds = {letter: sorted(seed for name, seed in runner.executed if name == letter) for letter in "ab"}
    assert seeds["a"] == seeds["b"] == [1, 1, 2, 2, 3, 3, 4, 4]


def test_a_build_that_failed_is_a_result(tmp_path: Path) -> None:
    broken = Side(Revision("malloc", "c" * 40, "c", 1), {"churn": Run(Outcome.BUILD_FAILED)})
    history = History(tmp_path / "malloc")
    run_all(
        Sitting(
            history, name="s1", record_faults=False, cells=[Cell(FakeRunner(), case_named(), (broken,), 2)]
        )
    )
    (record,) = history.records("c" * 40, "local").values()
    assert record.outcome is Outcome.BUILD_FAILED


def test_after_two_timeouts_a_side_is_given_up(tmp_path: Path) -> None:
    runner = FakeRunner(outcome=Outcome.TIMEOUT)
    run_all(
        Sitting(
            History(tmp_path / "malloc"),
            name="s1",
            record_faults=False,
            cells=[Cell(runner, case_named(), (side("a"),), 10)],
        )
    )
    assert len(runner.executed) == 2


def test_an_allocator_that_was_not_preloaded_makes_the_run_fail(tmp_path: Path) -> None:
    runner = FakeRunner(facts_of_run={"allocator": "/lib/libc.so.6"})
    history = History(tmp_path / "malloc")
    run_all(
        Sitting(
            history,
            name="s1",
            record_faults=False,
            cells=cells(runner, facts={"allocator_expected": "/opt/libmimalloc.so"}),
        )
    )
    record = history.records("a" * 40, "local")[Case("alloc.Churn")]
    assert record.outcome is Outcome.FAILED
    assert record.crash is not None
    assert "/lib/libc.so.6" in record.crash.last_output[0]
    assert "time" not in record.values


def test_page_faults_are_recorded_last_once_a_side_and_only_natively() -> None:
    order = list(turns(cells(FakeRunner(), rounds=2), 0, record_faults=True))
    recording = [turn for turn in order if turn.record_faults]
    assert recording == order[-4:]
    assert not any(t.record_faults for t in turns(cells(FakeRunner(emulated=True)), 0, record_faults=True))


def test_progress_is_told_before_and_after_each_execution(tmp_path: Path) -> None:
    told: list[str] = []

    def on_turn(_turn: Turn) -> None:
        told.append("turn")

    def on_run(_turn: Turn, _run: Run) -> None:
        told.append("run")

    Sitting(
        History(tmp_path / "malloc"), name="s1", record_faults=False, cells=cells(FakeRunner(), rounds=1)
    ).run(on_turn, on_run)
    assert told == ["turn", "run"] * 4


def test_recording_page_faults_counts_for_nothing_and_may_fail(tmp_path: Path) -> None:
    history = History(tmp_path / "malloc")
    sitting = Sitting(history, name="s1", cells=cells(FakeRunner(), rounds=2))
    run_all(sitting)
    (record, _) = history.records("a" * 40, "local").values()
    assert record.outcomes == {Outcome.OK: 2}

    class WithoutPerf(FakeRunner):
        def execute(self, job: Job) -> Run:
            if job.record:
                raise Unavailable("perf is not installed")
            return super().execute(job)

    run_all(Sitting(history, name="s2", cells=cells(WithoutPerf(), rounds=2)))
    (record, _) = history.records("a" * 40, "local").values()
    assert record.outcomes == {Outcome.OK: 2}


CRASH = Crash("SIGSEGV", frames=("slab_refill",))
EVENTS = (TimedEvent(7, EventKind.FAULT, 1, 0x10, "slab_refill"),)
FAULTED = ("0x7f001000 in memset", "0x10 in slab_refill")


class Crashing(FakeRunner):
    """Crashes; where page faults are recorded it tells of them, unless it then ends in another way."""

    differently: bool = False

    def execute(self, job: Job) -> Run:
        super().execute(job)
        if not job.record:
            return Run(Outcome.CRASHED, crash=CRASH)
        signal = "SIGBUS" if self.differently else CRASH.signal
        return Run(Outcome.CRASHED, crash=replace(CRASH, signal=signal, faults=FAULTED), events=EVENTS)


def crash_of(folder: Path, runner: FakeRunner, *, record_faults: bool = True) -> Crash:
    history = History(folder, "malloc")
    run_all(
        Sitting(history, name="s1", cells=cells(runner, rounds=3), record_faults=record_faults),
    )
    (record, _) = history.records("a" * 40, runner.name).values()
    assert record.outcomes == {Outcome.CRASHED: 3}
    assert record.crash is not None
    return record.crash


def test_a_crash_tells_which_page_faults_came_before_it(tmp_path: Path) -> None:
    assert crash_of(tmp_path, Crashing()).faults == FAULTED
    kept = Timelines(tmp_path, "local", "a" * 40).read("alloc.Churn")
    assert kept is not None
    assert (kept.outcome, kept.events) == (Outcome.CRASHED, EVENTS)


def test_an_execution_that_ends_in_another_way_tells_nothing_of_the_crash(tmp_path: Path) -> None:
    runner = Crashing()
    runner.differently = True
    assert crash_of(tmp_path, runner).faults == ()
    assert Timelines(tmp_path, "local", "a" * 40).read("alloc.Churn") is None


def test_faults_are_recorded_once_for_all_crashes_of_a_kind_and_not_where_nobody_wants_them(
    tmp_path: Path,
) -> None:
    runner = Crashing()
    crash_of(tmp_path, runner, record_faults=False)
    assert len(runner.executed) == 2 * 2 * 3
