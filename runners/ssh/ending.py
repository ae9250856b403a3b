"""From what a board's supervisor wrote down to the run it was."""

import re
from dataclasses import dataclass, replace

from pagewalk.errors import Unavailable
from pagewalk.model import Run
from runners.counters.process_status import status_values
from runners.execution.capture import Capture, printable
from runners.execution.conclusion import Parse, conclude
from runners.execution.kernel_log import find_fault, find_kill
from runners.execution.outcome import Ending
from runners.heat import heat_told, throttled
from runners.ssh.answer import Answer
from runners.ssh.facts import moment
from runners.ssh.placement import Placement

_SIGKILL = -9
_UNTOLD = (2, 13)  # SIGINT, SIGPIPE: shells end silently by them
_STAMP = re.compile(r"^(?:<\d{1,3}>)?\[ *(\d{1,12}\.\d{1,9})\] ", re.MULTILINE)
_TAIL = 1 << 16


@dataclass(frozen=True, slots=True)
class _Ending:
    """The section `ending`, see `conclude` in program/5-supervisor.sh."""

    status: int | None
    timed_out: bool
    busy: bool
    unkept: bool
    pid: int | None
    peak: int | None
    began: float
    moment: dict[str, str]


def read_run(answer: Answer, placement: Placement, folder: str, *, tells_signals: bool, perf: Parse) -> Run:
    """Return the run that a whole answer to `run` speaks of.

    Args:
        folder: the board's.
        tells_signals: whether its shell says in words that a signal ended a child.
        perf: what perf counted.

    Raises:
        Unavailable: the answer says nothing about the workload: somebody else measures there, the disk is
            full, or what watched over it was killed.
    """
    ending = _read(answer)
    if ending.busy:
        raise Unavailable("somebody else measures on it", "Wait until they are done.")
    if ending.unkept:
        raise Unavailable(
            "it could not keep all that the workload printed: its disk filled up, or a process would not die",
            "Make room there, or name another folder.",
        )
    if ending.status is None and not ending.timed_out:
        said = printable(answer.text("perf.said"))[-300:] or "nothing"
        raise Unavailable(
            f"what watched over the workload was killed and could not tell how it ended; perf said: {said}",
            "Is the board short of memory? Look at its `dmesg`.",
        )
    capture = _capture(answer, placement, folder)
    log = _since(answer.text("kernel"), ending.began)
    status, relayed = _status(
        ending.status or 0, "said" in answer and bool(answer.text("said")), tells_signals
    )
    fault = find_fault(log, ending.pid) if ending.pid else None
    told = Ending(
        status=_SIGKILL if ending.timed_out else status,
        timed_out=ending.timed_out,
        killed_for_memory=status == _SIGKILL and ending.pid is not None and find_kill(log, ending.pid),
        relayed=relayed,
        fault=lambda: fault,
        evidence=capture.evidence,
        last_output=capture.last_output,
    )
    peak = None if ending.peak is None else ending.peak * 1024
    parsers: tuple[Parse, ...] = (lambda regions: status_values(regions, peak), perf)
    run = conclude(told, capture, _defect(answer), parsers, placement.find)
    warmth = (heat_told(answer.text(f"heat.{when}")) for when in ("before", "after"))
    return replace(run, facts={**run.facts, **ending.moment, **throttled(*warmth)})


def _read(answer: Answer) -> _Ending:
    values = dict(line.partition("=")[::2] for line in answer.text("ending").splitlines())
    return _Ending(
        status=_integer(values.get("status", "")),
        timed_out=values.get("timed_out") == "yes",
        busy=bool(values.get("busy")),
        unkept=bool(values.get("unkept")),
        pid=_integer(values.get("pid", "")),
        peak=_integer(values.get("peak", "")),
        began=_seconds(values.get("began", "")),
        moment=moment(values.get("load", ""), values.get("khz", "")),
    )


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,15}", text) else None


def _seconds(text: str) -> float:
    return float(text) if re.fullmatch(r"\d{1,12}\.\d{1,9}", text) else 0.0


def _status(status: int, told: bool, tells: bool) -> tuple[int, bool]:
    """Return the status as subprocess has it, and whether 128 + signal may still stand for a signal.

    A shell says in words that a signal ended its child, and nothing where the child exited: 139 with
    words is SIGSEGV, 139 without is an exit status.
    """
    if status > 128 and told and tells:
        return 128 - status, False
    return status, not tells or status - 128 in _UNTOLD


def _capture(answer: Answer, placement: Placement, folder: str) -> Capture:
    """Which of the two streams a line came on is known, but not which line of them came first."""
    capture = Capture()
    for name, stream in (("out", "stdout"), ("err", "stderr")):
        head, tail = answer.sections.get(name, b""), answer.sections.get(f"{name}.tail", b"")
        between = b"\n" if len(tail) >= _TAIL else b""  # there lines are missing
        for part in (head, between, tail, b"" if (head + tail)[-1:] in (b"", b"\n") else b"\n"):
            capture.feed(stream, placement.here(part, folder))
    capture.close()
    return capture


def _defect(answer: Answer) -> str:
    word = printable(answer.text("defect"))[:40]
    return f"neither enable nor disable on the control channel: {word!r}" if "defect" in answer else ""


def _since(log: str, began: float) -> str:
    """Return the lines of a kernel log from some seconds after the start on; all where it has no times."""
    lines = log.splitlines()
    return "\n".join(line for line in lines if not (m := _STAMP.match(line)) or float(m[1]) >= began - 1)
