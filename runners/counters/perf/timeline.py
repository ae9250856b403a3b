"""What happened when: page faults, the region's marks, Go's pauses and deadly signals, by one clock.

Page faults are the kernel's software event, which has the function; where the architecture has the tracepoint
exceptions:page_fault_user too (x86_64, riscv64), that says of each what kind of access it was. Marks are the
workload's own prctl(2), see benchmarks/CONTRACT.md; without tracefs, the begin is when perf was switched on.
Go's pauses are from the begin of stopTheWorldWithSema to that of startTheWorldWithSema. All are by
CLOCK_MONOTONIC, and by one perf.
"""

import contextlib
import re
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pagewalk.errors import ConfigError, Unavailable
from pagewalk.events import EventKind, TimedEvent
from pagewalk.model import Artifact
from runners.counters.folded import UNKNOWN, escape
from runners.counters.perf.record_plan import FAULTS, RecordPlan
from runners.counters.probes.placing import PREFIX, Probes, placed
from runners.counters.probes.tracefs import require_tracefs
from runners.executable import is_go

MOST_EVENTS = 20_000
"""Events that are kept; of more, the first page faults are left out."""

_MARK = 0x70616765
_MARKED, _SIGNALLED = "syscalls:sys_enter_prctl", "signal:signal_deliver"
_ACCESSES = ("exceptions:page_fault_user", "exceptions:page_fault_kernel")
_STOP, _START = "runtime.stopTheWorldWithSema", "runtime.startTheWorldWithSema"
_DEADLY = (signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGSEGV)
_KINDS = {1: EventKind.BEGIN, 2: EventKind.END}
_FIELDS = "tid,time,event,trace,addr,ip,sym"
_EVERY_ONE = ("-c", "1", "-d", "-k", "CLOCK_MONOTONIC")

_LINE = re.compile(r"^ *(\d{1,10}) +(\d{1,10})\.(\d{9}): +([\w:-]{1,80}): +(.{0,1000})$", re.MULTILINE)
_FAULT = re.compile(r"([0-9a-f]{1,16}) \S.*? +[0-9a-f]{1,16} (.{1,500})$")
_ACCESS = re.compile(r"address=(?:0x)?([0-9a-f]{1,16}) .*error_code=0x([0-9a-f]{1,8})")
_PRCTL = re.compile(r"arg2: 0x([0-9a-f]{1,16}),")
_SIGNAL = re.compile(r"sig=(\d{1,2}) .*sa_handler=(?:0x)?([0-9a-f]{1,16})")


@dataclass(frozen=True, slots=True)
class Pauses:
    """Probes on Go's world, stopped and started."""

    stop: Probes
    start: Probes


@contextlib.contextmanager
def watched_pauses(artifact: Artifact) -> Iterator[Pauses | None]:
    """Stand probes on the functions of Go's that stop and start the world; None where that cannot be."""
    if not is_go(Path(artifact.command[-1])):
        yield None
        return
    with contextlib.ExitStack() as stack:
        try:
            found = [stack.enter_context(placed(f"{PREFIX}{name}", artifact)) for name in (_STOP, _START)]
        except (ConfigError, Unavailable):  # a Go that calls them otherwise, or not for us: no pauses
            yield None
            return
        yield Pauses(*found)


def timeline_plan(pauses: Pauses | None) -> RecordPlan:
    """Return how it is recorded: page faults alone where the kernel's tracepoints are not for us."""
    try:
        events = require_tracefs() / "events"
    except Unavailable:
        return RecordPlan(FAULTS, _EVERY_ONE, _FIELDS)
    deadly = "||".join(f"sig=={number.value}" for number in _DEADLY)
    options = ["-e", _MARKED, "--filter", f"option=={_MARK:#x}", "-e", _SIGNALLED, "--filter", deadly]
    for name in _ACCESSES:
        if (events / name.replace(":", "/")).is_dir():
            options += ["-e", name]
    for probes in (pauses.stop, pauses.start) if pauses else ():
        options += ["-e", probes.events]
    return RecordPlan(FAULTS, (*options, *_EVERY_ONE), _FIELDS)


def read_events(script: str, pauses: Pauses | None) -> tuple[TimedEvent, ...]:
    """Return what `perf script --ns -F tid,time,event,trace,addr,ip,sym` says, in order of time.

    A line that makes no sense, or that a symbol's name forged, is passed over.
    """
    groups = {pauses.stop.group: EventKind.STOP, pauses.start.group: EventKind.START} if pauses else {}
    accesses: dict[tuple[int, int], str] = {}
    found: list[TimedEvent] = []
    for match in _LINE.finditer(script):
        thread, at = int(match[1]), int(match[2]) * 10**9 + int(match[3])
        event, rest = match[4], match[5]
        group = event.partition(":")[0]
        if group in groups:
            found.append(TimedEvent(at, groups[group], thread))
        elif event in _ACCESSES:
            if access := _ACCESS.search(rest):
                accesses[thread, int(access[1], 16)] = access_text(event, int(access[2], 16))
        elif (one := _read(event, rest, TimedEvent(at, EventKind.FAULT, thread))) is not None:
            if one.kind is EventKind.FAULT and one.address is not None:
                one = replace(one, detail=accesses.pop((thread, one.address), ""))
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.at))


def with_begin(events: Sequence[TimedEvent], enabled_at: int | None) -> tuple[TimedEvent, ...]:
    """Return events with the begin of the region among them, where only perf's own switch tells it."""
    if enabled_at is None or any(event.kind is EventKind.BEGIN for event in events):
        return tuple(events)
    return (TimedEvent(enabled_at, EventKind.BEGIN, 0), *events)


def kept(events: Sequence[TimedEvent], most: int = MOST_EVENTS) -> tuple[TimedEvent, ...]:
    """Return at most so many events, without the first page faults where they are too many."""
    spare = len(events) - most
    result = []
    for event in events:
        if spare > 0 and event.kind is EventKind.FAULT:
            spare -= 1
        else:
            result.append(event)
    return tuple(result[-most:])


def access_text(event: str, code: int) -> str:
    """Return what kind of access faulted.

    Sources: Intel SDM volume 3, 4.7 (bits of the error code: 1 write, 4 instruction fetch); RISC-V Privileged
    Architecture, table of exception codes (12 instruction, 13 load, 15 store page fault).
    """
    word = {12: "execute", 13: "read", 15: "write"}.get(code)
    if word is None:
        word = "execute" if code & 16 else "write" if code & 2 else "read"
    return f"{word} by the kernel" if event.endswith("kernel") else word


def _read(event: str, rest: str, one: TimedEvent) -> TimedEvent | None:
    if event.partition(":")[0] == FAULTS and (match := _FAULT.match(rest)):
        name = match[2].strip()
        return replace(one, address=int(match[1], 16), function="" if name == UNKNOWN else escape(name))
    if event == _MARKED and (match := _PRCTL.search(rest)) and (kind := _KINDS.get(int(match[1], 16))):
        return replace(one, kind=kind)
    if event == _SIGNALLED and (match := _SIGNAL.search(rest)):
        known = {number.value: number.name for number in _DEADLY}
        name = known.get(int(match[1]), f"signal {match[1]}")
        leads = "goes to its handler" if int(match[2], 16) > 1 else "ends it"
        return replace(one, kind=EventKind.SIGNAL, detail=f"{name} {leads}")
    return None
