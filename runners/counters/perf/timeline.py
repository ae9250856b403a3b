"""What happened when: page faults, the region's marks, Go's pauses and deadly signals, by one clock.

Page faults are the kernel's software event, which has the function; where the architecture has the tracepoint
exceptions:page_fault_user too (x86_64, riscv64), that says of each what kind of access it was. Marks are the
workload's own prctl(2), see benchmarks/CONTRACT.md; without tracefs, the begin is when perf was switched on.
All are by CLOCK_MONOTONIC, and by one perf, here and on boards alike.
"""

import re
import signal
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from pagewalk.events import EventKind, TimedEvent
from runners.counters.folded import UNKNOWN, escape
from runners.counters.perf.record_plan import FAULTS, RecordPlan
from runners.counters.probes.pauses import Pauses

MOST_EVENTS = 20_000
"""Events that are kept; of more, the first page faults are left out."""

_MARK = 0x70616765
_MARKED, _SIGNALLED = "syscalls:sys_enter_prctl", "signal:signal_deliver"
_ACCESSES = ("exceptions:page_fault_user", "exceptions:page_fault_kernel")
_DEADLY = (signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGSEGV)
TRACEPOINTS = {
    _MARKED: f"option=={_MARK:#x}",
    _SIGNALLED: "||".join(f"sig=={number.value}" for number in _DEADLY),
    **dict.fromkeys(_ACCESSES, ""),
}
"""What is recorded beside page faults where it can be, with what is chosen of it."""

_KINDS = {1: EventKind.BEGIN, 2: EventKind.END}
_FIELDS = "tid,time,event,trace,addr,ip,sym"
_EVERY_ONE = ("-c", "1", "-d", "-k", "CLOCK_MONOTONIC")

_LINE = re.compile(r"^ *(\d{1,10}) +(\d{1,10})\.(\d{9}): +([\w:-]{1,80}): +(.{0,1000})$", re.MULTILINE)
_FAULT = re.compile(r"([0-9a-f]{1,16}) \S.*? +([0-9a-f]{1,16}) (.{1,500}?)(?: \(([/[].{0,400})\))?$")
_ACCESS = re.compile(r"address=(?:0x)?([0-9a-f]{1,16}) .*error_code=0x([0-9a-f]{1,8})")
_PRCTL = re.compile(r"arg2: 0x([0-9a-f]{1,16}),")
_SIGNAL = re.compile(r"sig=(\d{1,2}) .*sa_handler=(?:0x)?([0-9a-f]{1,16})")


def timeline_plan(pauses: Pauses | None, tracepoints: Collection[str]) -> RecordPlan:
    """Return how it is recorded: page faults, and all else that there is.

    Args:
        tracepoints: those of `TRACEPOINTS` that perf can record.
    """
    options: list[str] = []
    for name, chosen in TRACEPOINTS.items():
        if name in tracepoints:
            options += ["-e", name, *(("--filter", chosen) if chosen else ())]
    for probes in (pauses.stop, pauses.start) if pauses else ():
        options += ["-e", probes.events]
    return RecordPlan(FAULTS, (*options, *_EVERY_ONE), _FIELDS)


FunctionAt = Callable[[str, int], str]
"""Returns the function at an address of a file, as perf names both; empty where nobody knows."""


def read_events(
    script: str, pauses: Pauses | None, function_at: FunctionAt = lambda _file, _address: ""
) -> tuple[TimedEvent, ...]:
    """Return what `perf script --ns -F tid,time,event,trace,addr,ip,sym` says, in order of time.

    Args:
        script: with the field `dso` as well where it is of a board.
        function_at: is asked where perf knew no function, or a label within one only.

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
        elif (one := _read(event, rest, TimedEvent(at, EventKind.FAULT, thread), function_at)) is not None:
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


def _read(event: str, rest: str, one: TimedEvent, function_at: FunctionAt) -> TimedEvent | None:
    if event.partition(":")[0] == FAULTS and (match := _FAULT.match(rest)):
        name = match[3].strip()
        if name == UNKNOWN or name.startswith(".L"):
            name = function_at(match[4] or "", int(match[2], 16))
        return replace(one, address=int(match[1], 16), function=escape(name))
    if event == _MARKED and (match := _PRCTL.search(rest)) and (kind := _KINDS.get(int(match[1], 16))):
        return replace(one, kind=kind)
    if event == _SIGNALLED and (match := _SIGNAL.search(rest)):
        known = {number.value: number.name for number in _DEADLY}
        name = known.get(int(match[1]), f"signal {match[1]}")
        leads = "goes to its handler" if int(match[2], 16) > 1 else "ends it"
        return replace(one, kind=EventKind.SIGNAL, detail=f"{name} {leads}")
    return None
