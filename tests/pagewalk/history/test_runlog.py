"""The log of runs: nothing that was taken is lost, nothing hostile comes through."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagewalk.history import runlog
from pagewalk.history.codec import LoggedRun
from pagewalk.model import Case, Crash, Missing, Origin, Outcome, Precision, Provenance, Run, Sample

CASE = Case("alloc.Churn", (("size", "16"),))
CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "CLOCK_MONOTONIC")


def logged(value: float = 1.5e-8, **of_run: object) -> LoggedRun:
    run = Run(Outcome.OK, (Sample("time", value, CLOCK),), facts={"kernel": "6.1"})
    return LoggedRun(CASE, "20260101T000000Z-1", 1.0, "1", Run(**{**_fields(run), **of_run}))


def _fields(run: Run) -> dict[str, object]:
    return {"outcome": run.outcome, "samples": run.samples, "missing": run.missing, "facts": run.facts}


def test_runs_come_back_as_they_were_written(tmp_path: Path) -> None:
    crash = Crash("SIGSEGV", None, 0xFFFF_FFFF_FFFF_0010, ("last\twords — «é»", "\x1b[31mred"))
    runs = [
        logged(),
        logged(outcome=Outcome.CRASHED, samples=(), crash=crash),
        logged(missing=(Missing("cycles", "no PMU"),)),
    ]
    path = tmp_path / "log.jsonl"
    runlog.append(path, runs[:1])
    runlog.append(path, runs[1:])
    assert runlog.read(path) == (tuple(runs), ())


def test_long_values_are_written_once_a_file(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    for _ in range(5):
        runlog.append(path, [logged()])
    assert path.read_text().count("CLOCK_MONOTONIC") == 1
    assert path.read_text().count('"kernel"') == 1


@pytest.mark.parametrize("cut", [1, 7, 60])
def test_a_torn_last_line_costs_that_run_and_no_other(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "log.jsonl"
    runlog.append(path, [logged(1.0), logged(2.0)])
    path.write_bytes(path.read_bytes()[:-cut])
    runlog.append(path, [logged(3.0)])
    runs, problems = runlog.read(path)
    values = [run.run.samples[0].value for run in runs]
    # Without its line feed alone the line is whole: that run is not lost.
    assert values == ([1.0, 2.0, 3.0] if cut == 1 else [1.0, 3.0])
    assert len(problems) == (0 if cut == 1 else 1)
    assert all(str(path) in where for where, _ in problems)


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        '{"run": {}}',
        '{"define": 3, "value": 1}',
        "[" * 5000,
        '{"run": {"benchmark": 1}}',
        '{"define": "x", "value": {"origin": "clock", "precision": "sampled", "source": "s", "share": 0}}\n'
        '{"run":{"benchmark":"b","params":[],"sitting":"s","taken":1,"version":"1","outcome":"ok",'
        '"samples":{"time":[1,"x"]},"missing":{},"facts":"d2"}}',
        '{"run":{"benchmark":"b","params":[],"sitting":"s","taken":1,"version":"1","outcome":"ok",'
        '"samples":{"time":[NaN,"d1"]},"missing":{},"facts":"d2"}}',
    ],
)
def test_a_line_of_garbage_is_reported_and_passed_over(tmp_path: Path, line: str) -> None:
    path = tmp_path / "log.jsonl"
    runlog.append(path, [logged(1.0)])
    with path.open("a") as stream:
        stream.write(line + "\n")
    runlog.append(path, [logged(2.0)])
    runs, problems = runlog.read(path)
    assert [run.run.samples[0].value for run in runs] == [1.0, 2.0]
    assert len(problems) == 1


@settings(max_examples=50)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=5), st.text(max_size=40))
def test_any_finite_value_and_any_text_survive(
    tmp_path_factory: pytest.TempPathFactory, values: list[float], text: str
) -> None:
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    text = text.encode("utf-8", "replace").decode()
    runs = tuple(logged(value, facts={"note": text}) for value in values)
    runlog.append(path, runs)
    assert runlog.read(path)[0] == runs
