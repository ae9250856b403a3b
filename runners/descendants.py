"""Killing a process with everything it started, also what left its process group."""

import contextlib
import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

MARK = "PAGEWALK_RUN"
"""Environment variable that tells the processes of one execution from all others."""

_ROUNDS = 10


def kill_group(leader: int) -> None:
    """Kill the process group of `leader`, which must not have been reaped yet.

    Until then its number cannot belong to anybody else.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def kill_marked(token: str, leader: int) -> None:
    """Kill every process that was started after `leader` and carries `MARK=token`.

    A daemon that called setsid(2) twice has left the group and its parents, but not the
    environment it was started with. Repeated, since a process may fork while we look.
    """
    entry = f"{MARK}={token}".encode()
    for _ in range(_ROUNDS):
        found = [pid for pid in _started_since(leader) if _carries(pid, entry)]
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not found:
            return


def _started_since(leader: int) -> Iterable[int]:
    """Process numbers are given out upwards; the last one is the fifth field of /proc/loadavg.

    So the usual case, no other process at all, costs one read instead of a walk over /proc.
    """
    last = int(Path("/proc/loadavg").read_text().split()[4])
    if last >= leader and last - leader < 500:
        return range(leader + 1, last + 1)
    return _all_processes()


def _all_processes() -> Iterator[int]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            yield int(entry.name)


def _carries(pid: int, entry: bytes) -> bool:
    if pid == os.getpid():
        return False
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
    return entry in environment.split(b"\0")
