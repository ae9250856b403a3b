"""The log of all runs of one commit on one machine: append-only, so that nothing taken is ever lost.

`<commit8>-pagewalk.runs.jsonl` lies beside asv's file of the same name. A process that is killed while
it appends leaves at most one torn last line, which readers pass over and the next writer closes.
"""

import calendar
import contextlib
import fcntl
import math
import os
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pagewalk.history.codec import Definitions, LoggedRun, decode, encode

Problem = tuple[str, str]
_BEGUN = "%Y%m%dT%H%M%SZ"


def append(path: Path, runs: Sequence[LoggedRun]) -> None:
    """Append runs to the log at `path`, whole lines in one write, synced to the disk.

    Raises:
        OSError: there is no room; the log is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        before = stream.read()
        definitions = Definitions()
        for _ in decode(before.decode("utf-8", "replace").splitlines(), definitions, lambda *_: None):
            pass
        lines = [line for run in runs for line in encode(run, definitions)]
        text = "".join(f"{line}\n" for line in lines)
        if before and not before.endswith(b"\n"):
            text = "\n" + text
        _write_or_leave(stream.fileno(), text.encode())


def _write_or_leave(log: int, data: bytes) -> None:
    size = os.fstat(log).st_size
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(log, left) :]
        os.fsync(log)
    except OSError:
        os.ftruncate(log, size)
        raise


def read(path: Path) -> tuple[tuple[LoggedRun, ...], tuple[Problem, ...]]:
    """Return the runs of a log in the order they were taken, and what could not be read of it."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return (), ()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, _mtime: int, _size: int) -> tuple[tuple[LoggedRun, ...], tuple[Problem, ...]]:
    problems: list[Problem] = []

    def problem(line: int, reason: str) -> None:
        problems.append((f"{path}:{line}", reason))

    with path.open(encoding="utf-8", errors="replace") as stream:
        runs = tuple(decode(stream, Definitions(), problem))
    return runs, tuple(problems)


def new_sitting() -> str:
    """Return a name for a sitting: sorts by time, unique on this machine."""
    return time.strftime(_BEGUN, time.gmtime()) + f"-{os.getpid()}"


def begun(sitting: str) -> float:
    """Return when a sitting was begun, in seconds since the epoch; infinity where its name tells no time."""
    with contextlib.suppress(ValueError):
        return float(calendar.timegm(time.strptime(sitting.partition("-")[0], _BEGUN)))
    return math.inf
