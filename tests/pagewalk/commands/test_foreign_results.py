"""`pagewalk compare --no-run --results DIR` on what plain asv measured for another project."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from pagewalk import cli

COMMITS = 60


def commit(number: int) -> str:
    return f"{number:08x}" + "0" * 32


def write_results(
    folder: Path, series: Mapping[str, Sequence[object]], environment: str = "env-py3.12"
) -> Path:
    """Write a results folder as asv 0.6 does: a file a commit, one value a benchmark."""
    machine = folder / "box"
    machine.mkdir(parents=True, exist_ok=True)
    fields = {"machine": "box", "arch": "x86_64", "cpu": "c", "num_cpu": "4", "os": "Linux", "ram": "1"}
    (machine / "machine.json").write_text(json.dumps({**fields, "version": 1}))
    described = {
        name: {
            "name": name, "params": [], "param_names": [], "version": "v1", "unit": "seconds", "type": "time",
        }
        for name in series
    }  # fmt: skip
    (folder / "benchmarks.json").write_text(json.dumps({**described, "version": 2}))
    columns = ["result", "params", "version", "started_at", "duration"]
    for number in range(COMMITS):
        results = {
            name: [[values[number]], [], "v1", 1_600_000_000_000 + number, 1.0]
            for name, values in series.items()
        }
        body = {
            "commit_hash": commit(number), "env_name": environment, "date": 15 * 10**11 + number * 10**6,
            "params": fields | {"python": "3.12"}, "python": "3.12", "requirements": {}, "env_vars": {},
            "result_columns": columns, "results": results, "durations": {}, "version": 2,
        }  # fmt: skip
        (machine / f"{commit(number)[:8]}-{environment}.json").write_text(json.dumps(body))
    return folder


def series(step: float, seed: int) -> list[object]:
    noise = 1e-3 * np.exp(0.005 * np.random.default_rng(seed).standard_normal(COMMITS))
    noise[-1] = 1e-3 * step
    return [float(value) for value in noise]


def pagewalk(
    arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cwd: Path
) -> tuple[int, str, str]:
    monkeypatch.chdir(cwd)
    monkeypatch.setattr("sys.argv", ["pagewalk", *arguments])
    status = 0
    try:
        cli.main()
    except SystemExit as stop:
        status = int(stop.code or 0)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return status, captured.out, captured.err


def test_a_history_of_another_project_gives_verdicts_from_its_own_past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {"a.time_slower": series(1.1, 1), "a.time_same": series(1.0, 2), "b.time_faster": series(0.8, 3)}
    folder = write_results(tmp_path / "results", found)
    arguments = [
        "compare",
        "--no-run",
        "--results",
        str(folder),
        commit(58)[:8],
        commit(59),
        "--format",
        "json",
    ]
    status, out, err = pagewalk(arguments, monkeypatch, capsys, tmp_path)
    assert (status, err) == (0, "")
    report = json.loads(out)
    rows = {row["metric"]: row for row in report["metrics"]}
    assert rows["time_slower"]["verdict"] == "regressed"
    assert rows["time_faster"]["verdict"] == "improved"
    assert rows["time_same"]["verdict"] in {"same", "unsure"}
    assert "57 commits before strayed" in rows["time_slower"]["evidence"]
    assert rows["time_slower"]["effect"]["method"] == "history"
    assert not any("no noise floor" in warning for warning in report["warnings"])


def test_without_enough_of_a_past_nothing_is_told_of_single_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_results(tmp_path / "results", {"a.time_slower": series(1.1, 1)})
    for number in range(50):
        next(folder.glob(f"box/{commit(number)[:8]}-*.json")).unlink()
    arguments = ["compare", "--no-run", "--results", str(folder), commit(58), commit(59), "--format", "json"]
    _, out, _ = pagewalk(arguments, monkeypatch, capsys, tmp_path)
    report = json.loads(out)
    assert [row["verdict"] for row in report["metrics"]] == ["unsure"]
    assert any("no noise floor" in warning for warning in report["warnings"])


@pytest.mark.parametrize("value", [None, float("nan")])
def test_what_failed_is_broken_and_what_was_left_out_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: float | None
) -> None:
    values = [*series(1.0, 1)[:-1], value]
    folder = write_results(tmp_path / "results", {"a.time_it": values})
    arguments = ["compare", "--no-run", "--results", str(folder), commit(58), commit(59), "--format", "json"]
    _, out, _ = pagewalk(arguments, monkeypatch, capsys, tmp_path)
    verdicts = [row["verdict"] for row in json.loads(out)["outcomes"]]
    assert verdicts == (["broken"] if value is None else [None])


@pytest.mark.parametrize(
    ("names", "found", "remedy"),
    [
        (["feedface", commit(59)], "no results of 'feedface'", "by its hash or name"),
        ([commit(1)[:4], commit(59)], "means", "more digits"),
        ([commit(59), commit(59)[:8]], "the same commit", "pagewalk noise"),
    ],
)
def test_a_commit_that_cannot_be_meant_is_told_with_what_there_is(  # noqa: PLR0913, PLR0917
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    names: list[str],
    found: str,
    remedy: str,
) -> None:
    folder = write_results(tmp_path / "results", {"a.time_it": series(1.0, 1)})
    status, out, err = pagewalk(
        ["compare", "--no-run", "--results", str(folder), *names], monkeypatch, capsys, tmp_path
    )
    assert (status, out) == (2, "")
    assert found in err
    assert remedy in err


def test_values_of_another_version_of_a_benchmark_are_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_results(tmp_path / "results", {"a.time_it": series(1.0, 1)})
    path = next(folder.glob(f"box/{commit(58)[:8]}-*.json"))
    path.write_text(path.read_text().replace('"v1"', '"v0"'))
    arguments = ["compare", "--no-run", "--results", str(folder), commit(58), commit(59), "--format", "json"]
    _, out, _ = pagewalk(arguments, monkeypatch, capsys, tmp_path)
    (row,) = json.loads(out)["metrics"]
    assert row["verdict"] is None
    assert "version v0" in row["evidence"]


def test_a_folder_without_any_results_says_what_one_looks_like(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["compare", "--no-run", "--results", str(tmp_path), "aaaa", "bbbb"]
    status, out, err = pagewalk(arguments, monkeypatch, capsys, tmp_path)
    assert (status, out) == (2, "")
    assert "no results of asv" in err
    assert "machine.json" in err


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([1e-3] + [float("nan")] * 59, "nothing can be told, of 1 series"),
        ([float("nan")] * 60, "60 values passed over: not available when asv ran it"),
        ([float("inf")] * 30 + [1e-3] * 30, "30 values passed over: no finite value"),
        ([1e-3] * 60, "nothing changed, of 1 series over 60 commits"),
    ],
    ids=["one value", "no numbers", "infinities", "all equal"],
)
def test_an_odd_history_says_what_could_not_be_looked_at(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    values: Sequence[object],
    said: str,
) -> None:
    write_results(tmp_path / "r", {"s.time_a": values})
    status, out, _ = pagewalk(["regressions", "--results", "r"], monkeypatch, capsys, tmp_path)
    assert (status, said in out) == (0, True), out


def test_values_in_another_unit_are_passed_over_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = series(1, 0)
    milliseconds = [1e3 * float(str(value)) for value in seconds]
    mixed: list[object] = [*seconds[:30], *milliseconds[30:]]
    root = write_results(tmp_path / "r", {"s.time_a": mixed})
    for number in range(30):
        (path,) = (root / "box").glob(f"{commit(number)[:8]}-*.json")
        path.write_text(path.read_text().replace('"v1"', '"v0"'))
    status, out, _ = pagewalk(["regressions", "--results", "r"], monkeypatch, capsys, tmp_path)
    assert (status, "nothing changed" in out) == (0, True)
    assert "30 values passed over: measured by version v0 of the benchmark, which is v1 now." in out


def test_an_empty_folder_of_results_says_how_to_fill_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r").mkdir()
    status, _, err = pagewalk(["regressions", "--results", "r"], monkeypatch, capsys, tmp_path)
    assert (status, "no results in r" in err, "pagewalk run" in err) == (2, True, True)
