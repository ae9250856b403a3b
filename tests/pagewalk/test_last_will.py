"""Killed without a word: what was started ends, and what was made is removed, by somebody else."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from pagewalk.last_will import MARK

PROGRAM = """
import os, subprocess, sys, tempfile, time
from pagewalk.last_will import MARK, OURS, write_last_will
write_last_will()
folder = tempfile.mkdtemp()
environments = (os.environ, {MARK: OURS + "00000000"}, {MARK: "00000000" + OURS})
sleepers = [subprocess.Popen(["/bin/sleep", "600"], env=e, start_new_session=True) for e in environments]
print(folder, *(process.pid for process in sleepers), flush=True)
if "stay" in sys.argv:
    time.sleep(600)
for process in sleepers:
    process.kill()
"""


def _started(*arguments: str, folder: Path) -> tuple[subprocess.Popen[str], Path, list[psutil.Process]]:
    environment = {**os.environ, "TMPDIR": str(folder)}
    environment.pop(MARK, None)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    made, *pids = process.stdout.readline().split()
    return process, Path(made), [psutil.Process(int(pid)) for pid in pids]


def _gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _wait_until_empty(folder: Path) -> None:
    deadline = time.monotonic() + 60
    while any(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list(folder.iterdir()) == []


def test_the_kill_of_one_ends_all_that_it_started_and_removes_its_files(tmp_path: Path) -> None:
    process, made, (known_by_folder, known_by_mark, of_somebody_else) = _started("stay", folder=tmp_path)
    assert made.is_dir()
    assert made.is_relative_to(tmp_path)
    process.send_signal(signal.SIGKILL)
    with process:
        _wait_until_empty(tmp_path)
    assert _gone(known_by_folder)
    assert _gone(known_by_mark)
    assert not _gone(of_somebody_else)
    of_somebody_else.kill()


def test_one_that_ends_well_has_removed_its_folder_by_then(tmp_path: Path) -> None:
    process, _, _ = _started(folder=tmp_path)
    with process:
        assert process.wait(timeout=60) == 0
    assert list(tmp_path.iterdir()) == []


def test_without_room_for_a_folder_the_command_works_all_the_same() -> None:
    code = (
        "import tempfile, pagewalk.last_will as w\n"
        "def full(*_, **__): raise OSError(28, 'No space left on device')\n"
        "before = tempfile.gettempdir(); w.Path.mkdir = full; w.write_last_will()\n"
        "print(tempfile.gettempdir() == before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
