"""From recorded runs to the verdict: another kernel between the sides, and a state that changed meanwhile."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pagewalk import cli
from pagewalk.history import History
from pagewalk.history.codec import LoggedRun
from pagewalk.model import Case, Origin, Outcome, Precision, Provenance, Revision, Run, Sample

CASE = Case("alloc.Churn", (("size", "16"),))
CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "CLOCK_MONOTONIC")
BASE, HEAD = (Revision("other", letter * 40, name, 1) for letter, name in (("a", "old"), ("b", "new")))
MACHINE = {"os": "Linux", "arch": "x86_64", "cpu": "c", "num_cpu": "2", "ram": "8"}
DESCRIBED = {
    "name": "alloc.Churn.track_time",
    "params": [["16"]],
    "param_names": ["size"],
    "version": "1",
    "type": "track",
    "unit": "seconds",
    "timeout": 600.0,
}


def record(history: History, revision: Revision, factor: float, facts: Sequence[dict[str, str]]) -> None:
    runs = [
        Run(Outcome.OK, (Sample("time", factor * (1 + number / 1000), CLOCK),), facts=told)
        for number, told in enumerate(facts)
    ]
    logged = [LoggedRun(CASE, revision.name, 1.0 + number, "1", run) for number, run in enumerate(runs)]
    history.log("box", revision.commit, logged)
    history.publish("box", MACHINE, revision, [DESCRIBED], revision.name)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    history = History(tmp_path / "other")
    history.describe({"alloc.Churn.track_time": DESCRIBED})
    record(history, BASE, 1.0, [{"kernel": "6.1"}] * 12)
    changing = [{"kernel": "6.12", "governor": g} for g in ("performance",) * 6 + ("powersave",) * 6]
    record(history, HEAD, 2.0, changing)
    return history.folder


def compare(
    results: Path, more: Sequence[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    monkeypatch.chdir(results)
    told = ["compare", "--no-run", "--results", str(results), "old", "new", "--format", "markdown", *more]
    monkeypatch.setattr("sys.argv", ["pagewalk", *told])
    cli.main()
    return capsys.readouterr().out


def test_another_kernel_is_refused_with_the_reason(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = compare(results, [], monkeypatch, capsys)
    assert "another kernel: 6.1 before, 6.12 after" in told
    assert "regressed" not in told.partition("<details>")[0]


def test_another_kernel_is_compared_where_that_is_asked_for_and_marked(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = compare(results, ["--across-machines"], monkeypatch, capsys)
    assert "another kernel" not in told
    assert "1 regressed" in told
    assert "kernel was 6.1 before and is 6.12 after" in told
    assert "governor changed while it was measured, performance then powersave" in told
