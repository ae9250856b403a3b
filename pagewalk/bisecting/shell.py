"""One shell command with all that it starts: how it ended, and what it said."""

import contextlib
import os
import select
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pagewalk.git import git_environment

MOST_BYTES = 256 << 20
"""Of output. What writes more is killed before it fills the disk."""
KEPT_BYTES = 1 << 20
LOOK = 0.2
"""Seconds between two looks at how much was written."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    Args:
        status: of the shell; minus the signal's number where one killed it.
        output: the last of what it wrote on stdout.
        words: its status and its last line, for a person.
    """

    status: int
    output: str
    words: str


def run_shell(command: str, folder: Path, timeout: float) -> Ended:
    """Execute a command, and kill what it leaves running in its process group: it would disturb the next.

    A child that keeps stdout open holds up nothing, as output goes to files and not through pipes.

    Args:
        timeout: seconds until it is killed.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            ["sh", "-c", command],
            cwd=folder,
            env=git_environment(deaf=False),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=complaints,
            start_new_session=True,
        )
        try:
            trouble = _await(process.pid, timeout, (output, complaints))
        finally:
            # Before it is reaped: until then no other group can have its number.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            status = process.wait()
        if trouble:
            return Ended(-signal.SIGKILL, "", trouble)
        said = _tail(output)
        last = (_tail(complaints).strip() or said.strip()).splitlines()[-1:]
        return Ended(status, said, f"status {status} {' '.join(last)}"[:200].strip())


def _await(pid: int, timeout: float, files: tuple[IO[bytes], IO[bytes]]) -> str:
    """Wait until a process has ended, without reaping it; say why where it was not worth waiting."""
    deadline = time.monotonic() + timeout
    pidfd = os.pidfd_open(pid)
    try:
        ended = select.poll()
        ended.register(pidfd, select.POLLIN)
        while not ended.poll(1000 * max(0.0, min(LOOK, deadline - time.monotonic()))):
            if time.monotonic() >= deadline:
                return f"no end after {timeout:g} s"
            if sum(os.fstat(file.fileno()).st_size for file in files) > MOST_BYTES:
                return f"more than {MOST_BYTES >> 20} MiB of output"
    finally:
        os.close(pidfd)
    return ""


def _tail(file: IO[bytes]) -> str:
    size = os.fstat(file.fileno()).st_size
    file.seek(max(0, size - KEPT_BYTES))
    return file.read(KEPT_BYTES).decode(errors="replace")
