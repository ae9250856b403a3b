"""What a command says, and what is kept of it."""

import json
from pathlib import Path

import pytest

from pagewalk.bisecting import command
from pagewalk.bisecting.command import CommandProbe, last_number, unit_of_last
from pagewalk.bisecting.probe import Execution
from pagewalk.bisecting.state import load
from pagewalk.errors import ConfigError
from pagewalk.git import git


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
        ("12.5\nnan\n", None),
        ("1 inf", None),
        ("more info: 3 ns", 3.0),
        ("1e999", None),
        ("", None),
    ],
)
def test_the_last_number_of_an_output_is_the_value(output: str, number: float | None) -> None:
    assert last_number(output) == number


@pytest.mark.parametrize(
    ("output", "unit"),
    [
        ("3.5 ms\n", "ms"),
        ("1 s\n950us", "µs"),
        ("12 MiB", "MiB"),
        ("12 files", ""),
        ("12\ns", ""),
        ("-4 %", ""),
        ("done.", ""),
    ],
)
def test_the_unit_is_that_of_the_last_number(output: str, unit: str) -> None:
    assert unit_of_last(output) == unit


def test_numbers_in_different_units_are_refused_and_not_compared(tmp_path: Path) -> None:
    first, second, third = _commits(tmp_path, "1.2 ms", "1.3 ms", "950 µs")
    probe = CommandProbe("cat said", tmp_path, 60)
    assert probe.measure(first) == Execution({"value": 1.2}, words="status 0 1.2 ms", unit="ms")
    assert probe.measure(second) == Execution({"value": 1.3}, words="status 0 1.3 ms", unit="ms")
    with pytest.raises(ConfigError, match=f"in ms at {first[:10]} and µs at {third[:10]}: numbers"):
        probe.measure(third)


def test_a_search_that_goes_on_knows_the_unit_that_was_printed_before(tmp_path: Path) -> None:
    first, second = _commits(tmp_path, "1.2 ms", "950 µs")
    before = load(tmp_path / "s.json", ("q",))
    before.add(first, CommandProbe("cat said", tmp_path, 60).measure(first))
    again = load(tmp_path / "s.json", ("q",))
    assert again.printed_units() == {"ms": first}
    with pytest.raises(ConfigError, match=f"in ms at {first[:10]} and µs at {second[:10]}: numbers"):
        CommandProbe("cat said", tmp_path, 60, units=again.printed_units()).measure(second)


def _commits(folder: Path, *said: str) -> list[str]:
    """Make a repository with a commit for each of `said`, which its file of that name holds."""
    git(folder, "init", "--quiet")
    commits = []
    for words in said:
        (folder / "said").write_text(words)
        git(folder, "add", "said")
        who = ("-c", "user.name=a", "-c", "user.email=a@b")
        git(folder, *who, "commit", "--quiet", "-m", words)
        commits.append(git(folder, "rev-parse", "HEAD").strip())
    return commits


def test_a_state_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    path, commit = tmp_path / "s.json", "a" * 40
    state = load(path, ("q",))
    state.add(commit, Execution({"time": 1.5}, frozenset({"time"}), False, "ok"))
    state.add(commit, Execution({"value": 1.5}, unit="ms"))
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


class _Checked(CommandProbe):
    """Executes without a repository: what the words mean is asked here, not what git does."""

    def _check_out(self, commit: str) -> bool:
        return bool(commit)


def test_how_a_command_ends_says_what_is_kept_of_it(tmp_path: Path) -> None:
    probe = _Checked("echo 5; exit {commit}", tmp_path, 10)
    ended = {status: probe.measure(str(status)) for status in (0, 1, command.SKIP)}
    assert ended[0] == Execution({"value": 5.0}, words="status 0 5")
    assert ended[1] == Execution(crashed=True, words="status 1 5")
    assert ended[command.SKIP] is None


def test_a_program_that_was_never_there_stops_the_search_and_one_that_went_missing_does_not(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigError, match="absolute path"):
        _Checked("./bench", tmp_path, 10).measure("1")
    probe = _Checked("exit {commit}", tmp_path, 10)
    probe.measure("0")
    missing = probe.measure("127")
    assert missing is not None
    assert missing.crashed


def test_a_commit_that_gave_no_number_is_mute(tmp_path: Path) -> None:
    state = load(tmp_path / "s.json", ("q",))
    state.add("a" * 40, Execution({"value": 1.0}))
    state.add("b" * 40, Execution(crashed=True))
    assert state.mute("value") == {"b" * 40}
