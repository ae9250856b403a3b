"""Executing one workload process on this host under the contract, and leaving nothing behind."""

import contextlib
import functools
import os
import secrets
import selectors
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.errors import Killed
from pagewalk.last_will import MARK, OURS
from pagewalk.model import Run
from pagewalk.protocols import CounterSession
from runners.execution import descendants
from runners.execution.capture import Capture
from runners.execution.conclusion import conclude
from runners.execution.control import Control
from runners.execution.core_dump import find_core, limit_core
from runners.execution.fault import Fault
from runners.execution.gate import CONTROL, Gated, gated
from runners.execution.kernel_log import KernelLog
from runners.execution.memory_cgroup import oom_kills
from runners.execution.outcome import Ending

_CHUNK = 1 << 16
_MOST_LEFT = 1 << 21
_SIGKILL = -9

BASE_ENVIRONMENT: Mapping[str, str] = {"HOME": "/", "LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
"""All that a workload inherits. Nothing of the user's shell (GODEBUG, MALLOC_ARENA_MAX) may leak in."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One process to be executed.

    Args:
        arrange: given `("env", "-i", "A=B", …)`, which sets the workload's environment, returns
            the whole command line.
        environment: the workload's variables.
        sessions: what counts; attached before the workload is executed.
        timeout: seconds until everything is killed.
        folder: the working folder.
        cpus: processors to pin to; empty for all.
        control: whether the workload shall ask for counting around its regions.
        relayed: whether another program reports the workload's status, as 128 + signal.
        cores: whether a core dump may be asked for and read; an emulator's would be its own.
        through: the program that the workload is executed by, as `perf`; empty where it is by itself.
        killed_itself: asked after a SIGKILL that ended both, where `through` can tell whose it was.
    """

    arrange: Callable[[tuple[str, ...]], Sequence[str]]
    environment: Mapping[str, str]
    sessions: tuple[CounterSession, ...]
    timeout: float
    folder: Path
    cpus: frozenset[int] = frozenset()
    control: bool = True
    relayed: bool = False
    cores: bool = True
    through: str = ""
    killed_itself: Callable[[], bool] = lambda: False


def execute(execution: Execution) -> Run:
    """Execute once; whatever the process does is the `Run`.

    Counters are asked for their values only where the execution was ok. On any exception, Ctrl-C
    among them, all processes are killed and reaped before it goes on.

    Raises:
        Killed: what the workload was executed through was, so that nothing is known of the workload.
    """
    token = OURS + secrets.token_hex(4)
    variables = {**execution.environment, MARK: token}
    if execution.control:
        variables["PAGEWALK_CONTROL"] = CONTROL
    command = execution.arrange(("env", "-i", *(f"{key}={value}" for key, value in variables.items())))
    outside = {**BASE_ENVIRONMENT, MARK: token}
    with contextlib.closing(KernelLog()) as log:
        kills = oom_kills()
        with gated(command, outside, execution.folder, execution.control) as process:
            watched = _supervise(process, execution, token)
        killed = watched.status in (_SIGKILL, 128 - _SIGKILL) and (
            log.killed_for_memory(process.pid) or oom_kills() != kills
        )
        if watched.status == _SIGKILL and not (watched.timed_out or killed):
            _require_own_end(execution)
        ending = Ending(
            status=watched.status,
            timed_out=watched.timed_out,
            killed_for_memory=killed,
            relayed=execution.relayed,
            fault=functools.cache(lambda: _fault(execution, log, process.pid)),
            evidence=watched.capture.evidence,
            last_output=watched.capture.last_output,
        )
        parsers = [session.parse for session in execution.sessions]
        return conclude(
            ending, watched.capture, watched.defect, parsers, lambda name: _file_of(name, command)
        )


def _require_own_end(execution: Execution) -> None:
    """Refuse to make a result of SIGKILL that what the workload was executed through may have been sent."""
    if execution.through and not execution.killed_itself():
        raise Killed(execution.through)


def _fault(execution: Execution, log: KernelLog, pid: int) -> Fault | None:
    """A core dump tells more than the log, which may be silent, or lose what it has to say in a flood."""
    core = find_core(execution.folder) if execution.cores else None
    return core or log.fault(pid)


@dataclass(slots=True)
class _Watched:
    capture: Capture
    status: int = 0
    timed_out: bool = False
    defect: str = ""


def _supervise(process: Gated, execution: Execution, token: str) -> _Watched:
    watched = _Watched(Capture())
    try:
        if execution.cpus:
            os.sched_setaffinity(process.pid, execution.cpus)
        limit_core(process.pid, wanted=execution.cores)
        for session in execution.sessions:
            session.attach(process.pid)
        process.open()
        _watch(process, execution, watched)
    finally:
        watched.status = _end(process, token)
    for stream, descriptor in (("stdout", process.stdout), ("stderr", process.stderr)):
        _drain(descriptor, stream, watched.capture)
    watched.capture.close()
    return watched


def _watch(process: Gated, execution: Execution, watched: _Watched) -> None:
    """Read all that comes until the process is gone or its time is up."""
    deadline = time.monotonic() + execution.timeout
    capture = watched.capture
    with selectors.DefaultSelector() as selector:
        takers: dict[int, Callable[[bytes], None]] = {
            process.stdout: lambda chunk: capture.feed("stdout", chunk),
            process.stderr: lambda chunk: capture.feed("stderr", chunk),
        }
        control = None
        if process.commands is not None and process.acknowledge is not None:
            control = Control(execution.sessions, process.acknowledge)
            takers[process.commands] = control.feed
        for descriptor in (process.pidfd, *takers):
            selector.register(descriptor, selectors.EVENT_READ)
        while not _step(selector, takers, process.pidfd, deadline):
            if time.monotonic() >= deadline:
                watched.timed_out = True
                break
    watched.defect = control.defect if control else ""


def _step(
    selector: selectors.BaseSelector,
    takers: Mapping[int, Callable[[bytes], None]],
    pidfd: int,
    deadline: float,
) -> bool:
    """Wait for the next thing to happen; return whether it is the end of the process."""
    gone = False
    for key, _ in selector.select(max(0.0, deadline - time.monotonic())):
        if key.fd == pidfd:
            gone = True
        elif chunk := _read(key.fd):
            takers[key.fd](chunk)
        elif chunk is not None:
            selector.unregister(key.fd)
    return gone


def _read(descriptor: int) -> bytes | None:
    """Return what is there: nothing at the end of the file, None where more may come."""
    try:
        return os.read(descriptor, _CHUNK)
    except BlockingIOError:
        return None


def _drain(descriptor: int, stream: str, capture: Capture) -> None:
    """Take what is left in a pipe, without waiting for writers that may still hold it open."""
    left = _MOST_LEFT
    while left > 0 and (chunk := _read(descriptor)):
        capture.feed(stream, chunk)
        left -= len(chunk)


def _end(process: Gated, token: str) -> int:
    """Kill whatever is left, and return how the process itself ended, as subprocess does."""
    descendants.kill_group(process.pid)
    descendants.kill_marked(token, process.pid)
    _, status = os.waitpid(process.pid, 0)
    return os.waitstatus_to_exitcode(status)


def _file_of(name: str, command: Sequence[str]) -> Path | None:
    """Return the file of a mapping: its path, or the word of the command line that ends in its name."""
    if name.startswith("/"):
        return Path(name.removesuffix(" (deleted)"))
    return next((Path(word) for word in command if word.startswith("/") and Path(word).name == name), None)
