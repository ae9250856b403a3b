"""A connection that breaks: the result is read when the board is found again, or the execution is lost."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from pagewalk.errors import Unavailable
from pagewalk.inventories import Entry
from pagewalk.model import Artifact, Job, Outcome
from runners.ssh.runner import Ssh
from tests.runners.ssh.loopback import Sshd, left_behind, running

pytestmark = pytest.mark.slow

MakeArtifact = Callable[..., Artifact]


@contextmanager
def _while_it_runs(entry: Entry, disturb: Callable[[], None]) -> Iterator[None]:
    def wait_and_disturb() -> None:
        deadline = time.monotonic() + 20
        while "sleep" not in running(entry) and time.monotonic() < deadline:
            time.sleep(0.05)
        disturb()

    cutter = threading.Thread(target=wait_and_disturb)
    cutter.start()
    try:
        yield
    finally:
        cutter.join()


def _kill_master(entry: Entry) -> None:
    """Kill our own end of the connection."""
    for process in psutil.Process().children(recursive=True) + list(psutil.process_iter()):
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.name() == "ssh" and any(entry.config in word for word in process.cmdline()):
                process.kill()


def _kill_supervisor(entry: Entry) -> None:
    (job,) = Path(entry.folder, "jobs").iterdir()
    psutil.Process(int((job / "supervisor").read_text())).kill()


@pytest.mark.parametrize("end", ["theirs", "ours"])
def test_the_result_is_read_when_the_board_is_found_again(
    board: Ssh, sshd: Sshd, entry: Entry, exits: MakeArtifact, end: str
) -> None:
    with _while_it_runs(entry, sshd.cut if end == "theirs" else lambda: _kill_master(entry)):
        run = board.execute(Job(exits(5, "sleep 2"), (), 1))
    assert run.crash is not None
    assert (run.outcome, run.crash.exit_status) == (Outcome.FAILED, 5)
    assert board.execute(Job(exits(6), (), 1)).outcome is Outcome.FAILED


def test_a_board_that_is_not_found_again_is_lost_and_no_crash(
    sshd: Sshd, entry: Entry, exits: MakeArtifact
) -> None:
    board = Ssh(entry, pauses=())
    assert board.availability()
    with pytest.raises(Unavailable, match="not known; it is no result"), _while_it_runs(entry, sshd.cut):
        board.execute(Job(exits(0, "sleep 60"), (), 1, timeout=2.0))
    # Nobody fetches it; it ends all the same, and its result is whole.
    deadline = time.monotonic() + 15
    while running(entry) and time.monotonic() < deadline:
        time.sleep(0.1)
    (job,) = Path(entry.folder, "jobs").iterdir()
    assert running(entry) == []
    assert "timed_out=yes" in (job / "ending").read_text()


def test_without_its_supervisor_an_execution_is_no_run_and_ends_in_time(
    board: Ssh, entry: Entry, exits: MakeArtifact
) -> None:
    with (
        pytest.raises(Unavailable, match="nobody watches the execution any more"),
        _while_it_runs(entry, lambda: _kill_supervisor(entry)),
    ):
        board.execute(Job(exits(0, "sleep 60"), (), 1, timeout=60.0))


def _kill_perf(entry: Entry) -> None:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.name() == "perf" and process.cwd().startswith(entry.folder):
                process.kill()


@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")
def test_without_its_perf_an_execution_is_no_run(board: Ssh, entry: Entry, exits: MakeArtifact) -> None:
    with (
        pytest.raises(Unavailable, match="what watched over the workload was killed"),
        _while_it_runs(entry, lambda: _kill_perf(entry)),
    ):
        board.execute(Job(exits(0, "sleep 60"), (), 1))


def test_an_artifact_cut_in_the_middle_leaves_no_half_file(
    board: Ssh, sshd: Sshd, entry: Entry, tmp_path: Path
) -> None:
    pipe = tmp_path / "slow"
    os.mkfifo(pipe)
    board.availability()

    def feed() -> None:
        with pipe.open("wb", buffering=0) as stream:
            stream.write(b"half")
            time.sleep(0.5)
            sshd.cut()

    feeder = threading.Thread(target=feed)
    feeder.start()
    with pytest.raises(Unavailable):
        board._board._connection.ask("push", "0" * 64, "8", data=pipe)
    feeder.join()
    files = Path(entry.folder, "files")
    deadline = time.monotonic() + 5
    while any(files.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert list(files.iterdir()) == []


def test_ctrl_c_ends_the_execution_on_the_board(entry: Entry, exits: MakeArtifact, tmp_path: Path) -> None:
    artifact = exits(0, "sleep 60")
    code = (
        "from pagewalk.inventories import Entry; from pagewalk.model import *; from pathlib import Path\n"
        f"from runners.ssh.runner import Ssh; command = {artifact.command!r}\n"
        f"target = Target({entry.target.architecture!r})\n"
        f"entry = Entry('board', target, 'ssh', 'board', {entry.folder!r}, config={entry.config!r})\n"
        "Ssh(entry).execute(Job(Artifact(command, target, (Path(command[0]),)), (), 1))\n"
    )
    # Where the tests run in the background of a shell, SIGINT is ignored, and children inherit that.
    code = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n{code}"
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 20
        while "sleep" not in running(entry) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    assert left_behind(entry) == []
