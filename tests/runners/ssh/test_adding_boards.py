"""`pagewalk runners` with a real board: it is tried before it is believed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pagewalk.commands.runners import command
from pagewalk.errors import Unavailable
from pagewalk.inventories import Entry
from runners.inventory import VARIABLE, read_inventory

pytestmark = pytest.mark.slow


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "machines.toml"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def _call(*words: str) -> Result:
    return CliRunner().invoke(command, words)


def _add(entry: Entry, target: str = "") -> Result:
    words = ("--target", target or str(entry.target), "--host", entry.host, "--folder", entry.folder)
    return _call("add", entry.name, *words, "--ssh-config", entry.config)


def test_a_board_that_works_is_added_and_says_what_it_counts(inventory: Path, entry: Entry) -> None:
    assert _add(entry).exit_code == 0
    assert read_inventory(inventory, ()) == (entry,)
    found = _call("check", "--format", "json")
    assert found.exit_code == 0
    (board,) = json.loads(found.stdout)["boards"]
    assert (board["name"], board["probe"]["outcome"]) == ("board", "ok")
    assert board["probe"]["samples"]["time"] > 0
    assert board["metrics"]["time"]["origin"] == "clock"
    listed = json.loads(_call("list", "--format", "json").stdout)
    assert listed["problems"] == []


def test_a_board_that_is_something_else_is_not_added(inventory: Path, entry: Entry) -> None:
    other = "riscv64" if entry.target.architecture != "riscv64" else "arm64"
    result = _add(entry, other)
    assert isinstance(result.exception, Unavailable)
    assert f"runners/machines.toml says {other}" in result.exception.message
    assert not inventory.exists()


def test_a_board_that_is_away_is_said_to_be_with_what_to_do(inventory: Path, entry: Entry) -> None:
    words = ("--target", str(entry.target), "--host", "nowhere.invalid", "--ssh-config", entry.config)
    assert isinstance(_call("add", "away", *words).exception, Unavailable)
    assert _call("add", "away", *words, "--no-check").exit_code == 0
    assert [known.name for known in read_inventory(inventory, ())] == ["away"]
    found = _call("check", "away")
    assert found.exit_code == Unavailable.exit_status
    assert "Correct its host in runners/machines.toml" in " ".join(found.stdout.split())
    assert replace(read_inventory(inventory, ())[0], name="board", folder=entry.folder, host="board") == entry
