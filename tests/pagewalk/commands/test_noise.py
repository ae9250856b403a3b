"""`pagewalk noise`: a real A/A sitting, its floors kept, and used by the next comparison."""

import json
from pathlib import Path

import pytest
from test_foreign_results import pagewalk

ROOT = Path(__file__).parents[3]


def test_where_no_floor_is_kept_it_says_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["noise", "--no-run", "--subject", "malloc", "--results", str(tmp_path)]
    status, out, err = pagewalk(arguments, monkeypatch, capsys, ROOT)
    assert (status, out) == (2, "")
    assert "pagewalk noise --subject malloc" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_revision_is_compared_with_itself_and_its_results_stay_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--subject", "malloc", "-r", "local", "-b", "Churn.*16", "--results", str(tmp_path)]
    arguments = ["noise", "glibc", *common, "--rounds", "2", "-k", "2", "--format", "json"]
    status, out, _ = pagewalk(arguments, monkeypatch, capsys, ROOT)
    assert status == 0
    rows = {row["metric"]: row for row in json.loads(out)}
    assert rows["time"]["comparisons"] == rows["time"]["samples"] == 2
    assert rows["time"]["floor"] > 0
    assert rows["time"]["revision"] == "glibc"
    machine = tmp_path / "malloc" / rows["time"]["machine"]
    assert [path.name for path in machine.iterdir() if not path.name.startswith(".")] == ["noise.jsonl"]
    # Kept, it can be read without measuring again
    again = [*arguments[:1], *common, "--no-run", "--format", "json"]
    assert pagewalk(again, monkeypatch, capsys, ROOT)[1] == out
