"""Whether perf can record an event here with its stacks: perf itself is asked, before a workload is built."""

import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from pagewalk.errors import ConfigError, Unavailable
from pagewalk.metrics import METRICS
from runners.counters.events.kernel import IN_THE_KERNEL, KERNEL_EVENTS, SOFTWARE
from runners.counters.events.names import asked_as, unknown_event
from runners.counters.events.processor import this_processor
from runners.counters.events.table import Processor
from runners.counters.perf.command import NO_PERF, ask_perf
from runners.counters.perf.stat_csv import NOT_SUPPORTED

_NO_SUCH_EVENT = 129  # perf's exit status for what it cannot parse (tools/lib/subcmd/parse-options.c)
_MODIFIERS = re.compile(r"[ukhIGHpPSDWeb]+")  # perf-list(1), EVENT MODIFIERS
_ELSEWHERE = "Record time or page-faults, which every machine can."


def require_recordable(event: str) -> None:
    """Check that `perf record` can sample an event on this machine; asked once a process.

    Raises:
        ConfigError: there is no such event; names the right one.
        Unavailable: perf is not installed, the event is not there, or it can only be counted.
    """
    problem = _problem(event)
    if problem is not None:
        raise problem


@cache
def _problem(event: str) -> ConfigError | Unavailable | None:
    if shutil.which("perf") is None:
        return Unavailable("stacks cannot be recorded: perf is not installed", NO_PERF)
    processor = this_processor()
    asked = asked_as(event, processor)
    counted = ask_perf("stat", "-x,", "-e", asked, "--", "true")
    if counted.returncode == _NO_SUCH_EVENT:
        return unknown_event(event, processor, _listed())
    if counted.returncode or NOT_SUPPORTED in counted.stderr:
        return Unavailable(f"this kernel offers no PMU event {event} (a virtual machine?)", _ELSEWHERE)
    kernels = KERNEL_EVENTS.get(asked.partition(":")[0])
    tracepoint = _is_tracepoint(asked)
    if (tracepoint or (kernels and kernels.name in IN_THE_KERNEL)) and _without_kernel(asked, counted.stderr):
        return Unavailable(
            f"{event} happens in the kernel, which perf has to leave out here: there would be no sample",
            f"Allow it: sudo sysctl kernel.perf_event_paranoid={-1 if tracepoint else 1}",
        )
    if tracepoint or (kernels and kernels.kind == SOFTWARE):
        return None  # these samples need no interrupt of the PMU
    return _sampling(event, asked, processor)


def _is_tracepoint(asked: str) -> bool:
    """`sched:sched_switch` is one, `cycles:u` is an event with a modifier."""
    _, colon, rest = asked.partition(":")
    return bool(colon) and not _MODIFIERS.fullmatch(rest)


def _without_kernel(asked: str, said: str) -> bool:
    """Return whether perf counted user mode only, though it was asked for all; it says so in the name."""
    names = [line.split(",")[2] for line in said.splitlines() if line.count(",") > 2]
    # perf 6.1 forgets the colon behind a tracepoint's name.
    return any(name in (f"{asked}:u", f"{asked}u") for name in names)


def _sampling(event: str, asked: str, processor: Processor) -> Unavailable | None:
    """Try to sample: a PMU may be able to count and not to interrupt."""
    with tempfile.TemporaryDirectory(prefix="pagewalk-", ignore_cleanup_errors=True) as folder:
        tried = ask_perf("record", "-q", "-e", asked, "-o", str(Path(folder) / "perf.data"), "--", "true")
    return unsampled(event, tried.stderr, processor) if tried.returncode else None


def unsampled(event: str, said: str, processor: Processor) -> Unavailable:
    """Return the error for an event that perf counts and does not record, from what it said.

    riscv64 without the Sscofpmf extension has no interrupt on overflow.
    """
    why = "this PMU counts it and cannot sample it (riscv64 without Sscofpmf?)"
    if "sampling" not in said:
        why = f"perf says: {' '.join(said.split())[:300] or 'nothing'}"
    metric = next((c.metric for c in processor.counted if any(e.name == event for e in c.all)), "")
    counts = f"`pagewalk run` counts {METRICS[metric].title}. " if metric else ""
    return Unavailable(f"{event} cannot be recorded with its stacks: {why}", f"{counts}{_ELSEWHERE}")


def _listed() -> list[str]:
    """Return the names of `perf list`, for a hint."""
    lines = ask_perf("list", "--no-desc").stdout.splitlines()
    return [line.split()[0] for line in lines if line.startswith("  ") and "[" in line]
