"""A shell command and all that it starts."""

import signal
import time
from pathlib import Path

import pytest

from pagewalk.bisecting import shell
from pagewalk.bisecting.shell import run_shell


def test_a_command_says_how_it_ended_and_what_it_wrote(tmp_path: Path) -> None:
    ended = run_shell("pwd; echo 5; echo bad news >&2; exit 3", tmp_path, 600)
    assert ended == shell.Ended(3, f"{tmp_path}\n5\n", "status 3 bad news")


def test_a_signal_is_a_status_below_0(tmp_path: Path) -> None:
    assert run_shell("kill -SEGV $$", tmp_path, 600).status == -signal.SIGSEGV


def test_a_child_that_stays_with_stdout_open_is_not_waited_for_and_killed(tmp_path: Path) -> None:
    ended = run_shell("sleep 3000 & echo $!", tmp_path, 600)
    assert ended.status == 0
    gone = time.monotonic() + 120
    while _alive(int(ended.output)) and time.monotonic() < gone:
        time.sleep(0.01)
    assert not _alive(int(ended.output))


def test_what_takes_too_long_is_killed_and_gives_no_number(tmp_path: Path) -> None:
    ended = run_shell("echo 5; exec sleep 3000", tmp_path, 0.05)
    assert ended == shell.Ended(-signal.SIGKILL, "", "no end after 0.05 s")


def test_a_flood_of_output_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "MOST_BYTES", 1 << 20)
    ended = run_shell("exec yes", tmp_path, 600)
    assert (ended.status, ended.words) == (-signal.SIGKILL, "more than 1 MiB of output")


def test_of_much_output_the_last_is_kept(tmp_path: Path) -> None:
    ended = run_shell("head -c 3000000 /dev/zero; echo 12", tmp_path, 600)
    assert ended.output.endswith("\x0012\n")
    assert len(ended.output) == shell.KEPT_BYTES


def _alive(pid: int) -> bool:
    """Whether a process is there; killed, it may yet wait for whoever inherited it to reap it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
