"""`pagewalk runners` as far as it goes without a board."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pagewalk.commands.runners import command
from pagewalk.errors import ConfigError

VARIABLE = "PAGEWALK_MACHINES"


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "machines.toml"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def test_all_places_are_listed_and_none_is_connected_to(inventory: Path) -> None:
    words = ("--target", "riscv64-musl", "--host", "nowhere.invalid", "--cpus", "2,3", "--no-check")
    assert CliRunner().invoke(command, ("add", "vf2", *words)).exit_code == 0
    rows = json.loads(CliRunner().invoke(command, ("list", "--format", "json")).stdout)["runners"]
    taken = {row["name"]: row["on_request"] for row in rows}
    assert (taken["local"], taken["cachegrind"]) == (False, True)
    shown = CliRunner().invoke(command, ()).stdout
    assert "emulated" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "a b", "--target", "arm64", "--host", "x"), "name = 'a b' must match"),
        (("add", "local", "--target", "arm64", "--host", "x"), "a runner that is no board"),
        (("add", "pi", "--target", "arm46", "--host", "x"), "no such target: 'arm46'"),
        (("add", "pi", "--target", "arm64", "--host", "-oProxyCommand=true"), "must match"),
        (("check", "pi"), "There is no board 'pi'"),
        (("check",), "There are no boards"),
    ],
)
def test_a_mistake_is_said_before_anything_is_connected_to_or_written(
    inventory: Path, words: tuple[str, ...], said: str
) -> None:
    result = CliRunner().invoke(command, words)
    assert isinstance(result.exception, ConfigError)
    assert said in result.exception.message
    assert result.exception.remedy
    assert not inventory.exists()


def test_where_there_is_no_board_it_says_how_to_add_one(inventory: Path) -> None:
    error = CliRunner().invoke(command, ("check", "pi")).exception
    assert isinstance(error, ConfigError)
    assert "pagewalk runners add" in error.remedy
    assert not inventory.exists()


def test_processors_are_numbers(inventory: Path) -> None:
    result = CliRunner().invoke(command, ("add", "pi", "--target", "arm64", "--host", "x", "--cpus", "2-3"))
    assert result.exit_code == 2
    assert "write 2 or 2,3" in result.output
