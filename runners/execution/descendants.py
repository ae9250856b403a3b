"""Killing a process with everything it started, also what left its process group."""

import contextlib
import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

from pagewalk.last_will import MARK

_ROUNDS = 1000
_FEW = 500


def kill_group(leader: int) -> None:
    """Kill the process group of `leader`, which must not have been reaped yet.

    Until then its number cannot belong to anybody else.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def kill_marked(token: str, leader: int) -> None:
    """Kill every process that was started after `leader`, now dead, and carries `MARK=token`.

    A daemon that called setsid(2) twice has left the group and its parents, but not the
    environment it was started with.

    Each process is looked at once. One that is alive then is killed and has no more children;
    one that is dead by then may have left a child, whose number is higher than any that had
    been given out when the round began. So it is over when a round brings no new numbers.
    """
    entry = f"{MARK}={token}".encode()
    seen = leader
    for _ in range(_ROUNDS):
        last = _last_process()
        if last == seen:
            return
        for pid in _between(seen, last):
            if _carries(pid, entry):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        seen = last


def _last_process() -> int:
    """Return the number given out last: the fifth field of /proc/loadavg (proc(5))."""
    return int(Path("/proc/loadavg").read_text().split()[4])


def _between(seen: int, last: int) -> Iterable[int]:
    """Numbers are given out upwards, so the usual case, no other process, costs no walk over /proc."""
    if seen < last <= seen + _FEW:
        return range(seen + 1, last + 1)
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
