"""How an execution ended: from exit status and evidence to one word of the glossary."""

import json
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass

from pagewalk.model import Crash, Outcome
from runners.execution.fault import Fault
from runners.execution.workload_output import Report

_GO_SIGNAL = re.compile(r"^\[signal (SIG[A-Z0-9]{2,8}): .*?\baddr=0x([0-9a-f]{1,16})\b")
_QEMU_SIGNAL = re.compile(r"^qemu: uncaught target signal (\d{1,2}) ")
_NO_MEMORY = re.compile(r"cannot allocate memory|out of memory|std::bad_alloc", re.IGNORECASE)
_WRONG_MACHINE = re.compile(r"exec format error", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known of a process that is gone.

    Args:
        status: exit status, or minus the signal that ended it.
        timed_out: whether we killed it because its time was up.
        killed_for_memory: whether the kernel says it killed it for want of memory.
        relayed: whether another program (perf, a shell) reported the status, as shells do: 128 + signal.
        fault: asks the kernel log, where the process said nothing itself.
        evidence: lines that say why it died.
        last_output: the last lines it printed.
    """

    status: int
    timed_out: bool = False
    killed_for_memory: bool = False
    relayed: bool = False
    fault: Callable[[], Fault | None] = lambda: None
    evidence: tuple[str, ...] = ()
    last_output: tuple[str, ...] = ()


def classify(ending: Ending, report: Report) -> tuple[Outcome, Crash | None, str]:
    """Return the outcome, what is known of the crash (None when ok), and the reason in a few words."""
    name, address = _signal(ending)
    status = None if ending.status < 0 else ending.status
    outcome, reason = _outcome(ending, report, name)
    if outcome is Outcome.OK:
        return outcome, None, ""
    if outcome is Outcome.TIMEOUT:
        name, address, status = "", None, None
    lines = (*ending.last_output, f"pagewalk: {reason}") if reason else ending.last_output
    return outcome, Crash(name, status, address, lines), reason


def _outcome(ending: Ending, report: Report, name: str) -> tuple[Outcome, str]:
    said = "\n".join(ending.evidence)
    if ending.timed_out:
        return Outcome.TIMEOUT, "killed when its time was up"
    if ending.killed_for_memory:
        return Outcome.OUT_OF_MEMORY, "killed by the kernel for want of memory"
    if ending.status != 0 and _NO_MEMORY.search(said):
        return Outcome.OUT_OF_MEMORY, "said that memory ran out"
    if name:
        return Outcome.CRASHED, ""
    if ending.status == 126 and _WRONG_MACHINE.search(said):
        return Outcome.UNSUPPORTED, "this machine cannot execute the workload's file"
    return _contract_kept(ending, report)


def _contract_kept(ending: Ending, report: Report) -> tuple[Outcome, str]:
    if ending.status != 0:
        return Outcome.FAILED, f"exit status {ending.status}"
    if report.defect:
        return Outcome.FAILED, report.defect
    if not report.regions:
        return Outcome.FAILED, "exit status 0 without a region of interest on stdout"
    return Outcome.OK, ""


def _signal(ending: Ending) -> tuple[str, int | None]:
    """Return the name of the signal that ended the process, empty for none, and its address.

    Go catches the signal, prints it in its traceback and exits with status 2: a signal all the same.
    """
    for line in ending.evidence:
        if match := _GO_SIGNAL.match(line):
            return (match[1], int(match[2], 16)) if ending.status != 0 else ("", None)
    number = _signal_number(ending)
    if not number:
        return "", None
    told = next((told for line in ending.evidence if (told := _told(line)) is not None), None)
    if told is None and (fault := ending.fault()) is not None:
        told = fault.address
    return _name(number), told


def _signal_number(ending: Ending) -> int:
    if ending.status < 0:
        return -ending.status
    if not ending.relayed or ending.status == 0:
        return 0
    for line in ending.evidence:
        if match := _QEMU_SIGNAL.match(line):
            return int(match[1])
    number = ending.status - 128
    return number if number in set(signal.Signals) else 0


def _told(line: str) -> int | None:
    """Return the address in the crash line of a C workload."""
    if not line.startswith('{"crash":'):
        return None
    try:
        return int(json.loads(line)["crash"]["address"], 16)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"SIG{number}"
