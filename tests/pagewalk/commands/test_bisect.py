"""The real command on a real repository."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest

from pagewalk.reports import bisection_report
from tests.line_of_commits import write_line

pytestmark = pytest.mark.slow

PAGEWALK = str(Path(sys.executable).parent / "pagewalk")
SCHEMA = json.loads(Path(bisection_report.__file__).with_name("bisection.schema.json").read_text())
LAST = 256
STEP = 137
CRASH = f"test $(cat n) -lt {STEP}"
COUNT = f"sh -c 'n=$(cat n); test $n -lt {STEP}; echo $((1000 + 50 * $?))'"


@pytest.fixture(autouse=True)
def _state_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A line of 257 commits; the file `n` says which one it is."""
    return write_line(tmp_path_factory.mktemp("line"), LAST)


def arguments(
    repository: Path, state: Path, *more: str, good: str = "main~256", bad: str = "main"
) -> list[str]:
    where = ["--repo", str(repository), "--state", str(state)]
    return [PAGEWALK, "bisect", *where, "--good", good, "--bad", bad, *more]


def call(command: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


def nth(repository: Path, n: int) -> str:
    done = call(["git", "rev-parse", f"main~{LAST - n}"], repository)
    return done.stdout.strip()


@pytest.mark.parametrize(("shell", "kind"), [(CRASH, "outcome"), (COUNT, "exact")])
def test_the_commit_is_found_from_any_folder_and_nothing_is_left_behind(
    repository: Path, tmp_path: Path, shell: str, kind: str
) -> None:
    command = arguments(repository, tmp_path / "s", "--command", shell, "--format", "json")
    done = call(command, tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    assert found["first_bad"] == nth(repository, STEP)
    assert (found["kind"], found["status"], found["range"]) == (kind, "found", [found["first_bad"]])
    assert found["builds"] <= 11
    assert call(["git", "worktree", "list"], repository).stdout.count("\n") == 1


def test_commits_that_do_not_build_make_it_a_range(repository: Path, tmp_path: Path) -> None:
    shell = f"n=$(cat n); test $n = {STEP} -o $n = {STEP - 1} && exit 125; {COUNT}"
    done = call(arguments(repository, tmp_path / "s", "--command", shell, "--format", "json"), tmp_path)
    assert done.returncode == 1
    found = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    assert (found["status"], found["first_bad"]) == ("range", None)
    assert found["range"] == [nth(repository, n) for n in (STEP - 1, STEP, STEP + 1)]
    assert set(found["skipped"]) == {nth(repository, STEP - 1), nth(repository, STEP)}


def test_good_and_bad_that_are_alike_end_with_4(repository: Path, tmp_path: Path) -> None:
    done = call(arguments(repository, tmp_path / "s", "--command", "echo 7"), tmp_path)
    assert done.returncode == 4
    assert "Not reproduced" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_search_that_was_stopped_repeats_nothing(
    repository: Path, tmp_path: Path, number: signal.Signals
) -> None:
    log, state = tmp_path / "log", tmp_path / "s"
    shell = f"echo $(cat n) >> {log}; sleep 0.1; {COUNT}"
    command = arguments(repository, state, "--command", shell, "--format", "json")
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (state.exists() and '"crashed"' in state.read_text()):
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait(30) in (-signal.SIGKILL, 130)
    time.sleep(1)  # what was executed when it died ends by itself, and may yet write its line
    kept = len(json.loads(state.read_text())["taken"])
    begun = len(log.read_text().splitlines())
    done = call(command, tmp_path)
    found = json.loads(done.stdout)
    assert found["first_bad"] == nth(repository, STEP)
    assert f"Going on with {kept} executions" in done.stderr
    executions = len(log.read_text().splitlines())
    assert executions - begun == found["measurements"] - kept
    again = json.loads(call(command, tmp_path).stdout)
    assert again == found
    assert len(log.read_text().splitlines()) == executions


def test_a_search_that_goes_on_refuses_another_unit_than_it_began_with(
    repository: Path, tmp_path: Path
) -> None:
    unit = tmp_path / "unit"
    unit.write_text("ms")
    search = arguments(repository, tmp_path / "s", "--command", f"{COUNT} | tr '\\n' ' '; cat {unit}")
    assert "4 executions" in call([*search, "--budget", "4"], tmp_path).stdout
    unit.write_text("us")
    done = call(search, tmp_path)
    assert done.returncode == 2
    assert f"in ms at {nth(repository, 0)[:10]} and µs at" in done.stderr


@pytest.mark.parametrize(
    ("more", "ends", "found", "remedy"),
    [
        (["--command", "x"], ("main", "main"), "the same commit", "two different commits"),
        (["--command", "x"], ("main", "main~3"), "they are swapped", "--good"),
        (["--command", "x"], ("nope", "main"), "no commit 'nope'", "git -C"),
        (["--command", "no-such-program"], ("main~9", "main"), "cannot find or execute", "absolute path"),
        (["--command", "exit 125"], ("main~9", "main"), "does not build", "--good commit"),
        ([], ("main~9", "main"), "Say what to measure", "--command"),
        (["--command", "x", "--budget", "1"], ("main~9", "main"), "--budget", "4<=x"),
        (["--command", "x", "--confidence", "1"], ("main~9", "main"), "--confidence", "0.5<x<1"),
    ],
)
def test_bad_input_says_what_was_found_and_what_to_type(  # noqa: PLR0913, PLR0917 - fixtures and cases
    repository: Path, tmp_path: Path, more: list[str], ends: tuple[str, str], found: str, remedy: str
) -> None:
    done = call(arguments(repository, tmp_path / "s", *more, good=ends[0], bad=ends[1]), tmp_path)
    assert done.returncode in (2, 4)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert found in done.stderr
    assert remedy in done.stderr


def test_a_folder_that_is_no_repository_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        arguments(tmp_path, tmp_path / "s", "--command", "x"),
        cwd=tmp_path,
        env=os.environ | {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "not in a git repository" in done.stderr
