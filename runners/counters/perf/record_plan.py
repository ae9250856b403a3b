"""What one `perf record` is told, and what `perf script` is asked to print of it: here and on boards alike.

Every page fault is a sample, and so is every call whose arguments are asked for; other events are sampled at
a rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Job
from runners.counters.events.names import asked_as
from runners.counters.events.table import Processor
from runners.counters.folded import fold, scaled
from runners.counters.perf.stat_csv import bare_name
from runners.counters.probes.argument_values import fold_calls
from runners.counters.probes.placing import Probes
from runners.executable import is_go

FAULTS = "page-faults"
HERTZ = 4999
"""Samples a second of what is not counted one by one; odd, so that no timer keeps in step with it."""

_EVERY_ONE = ("-c", "1")
_AT_A_RATE = ("-F", str(HERTZ))
# Frame pointers end at the first frame of glibc, which has none; Go has them everywhere, and
# stacks of its own, which a copy of 4 KiB does not unwind through.
_BY_COPY, _BY_POINTER = ("--call-graph", "dwarf,4096"), ("--call-graph", "fp")


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """One recording.

    Args:
        event: as perf takes it.
        options: how often, and with which stacks.
        fields: of `perf script -F`.
        innermost: whether nothing but the innermost function of a stack is known.
    """

    event: str
    options: tuple[str, ...]
    fields: str
    innermost: bool = False

    def record(self, file: str, control: str, most: int) -> tuple[str, ...]:
        """Return perf's arguments up to the workload's command line.

        Args:
            control: the option `--control=…`; perf waits there for the first `enable`.
            most: bytes of recording, after which perf ends itself and, by SIGTERM, the workload.
        """
        limits = ("--max-size", f"{most}B", "-o", file, control)
        return ("record", "-q", "-e", self.event, *self.options, "-D", "-1", *limits)

    def script(self, file: str, *more: str) -> tuple[str, ...]:
        """Return perf's arguments that print what was recorded, in the plan's fields and some more."""
        fields = ",".join((self.fields, *more))
        depth = ("--max-stack", "1") if self.innermost else ()
        return ("script", "-i", file, "--ns", "--no-inline", "--show-lost-events", *depth, "-F", fields)

    def listing(self, file: str) -> tuple[str, ...]:
        """Return perf's arguments that print which events were recorded, see `require_event`."""
        return ("evlist", "-i", file)

    def fold(self, script: str) -> str:
        """Return what `script` printed as folded stacks."""
        return fold(script, weighted="period" in self.fields)


def plan_of(job: Job, processor: Processor, *, unwound: bool = True) -> RecordPlan:
    """Return how the event of a job is recorded with its stacks.

    Args:
        processor: of the machine it is executed on, whose events they are.
        unwound: whether its kernel and perf find callers; otherwise stacks are innermost functions alone.
    """
    event = asked_as(job.record or FAULTS, processor)
    often = (*_EVERY_ONE, "-d") if event == FAULTS else _AT_A_RATE
    stacks = _stacks(job) if unwound else _BY_POINTER
    return RecordPlan(event, (*often, *stacks), "comm,ip,sym", innermost=not unwound)


def plan_of_calls(job: Job, probes: Probes) -> RecordPlan:
    """Return how calls are recorded: with their stacks, or one by one with their arguments.

    A copy of each call's stack would fill the recording in no time, so that calls of C, which needs it,
    tell their arguments without.
    """
    if not probes.what.arguments:
        return RecordPlan(probes.events, (*_AT_A_RATE, *_stacks(job)), "comm,period,ip,sym")
    if _stacks(job) == _BY_POINTER:
        return RecordPlan(probes.events, (*_EVERY_ONE, *_BY_POINTER), "comm,trace,ip,sym")
    return RecordPlan(probes.events, _EVERY_ONE, "comm,trace")


def fold_recorded_calls(plan: RecordPlan, script: str, probes: Probes, calls: int) -> str:
    """Return what `script` printed of the plan of so many calls as folded stacks that sum up to them."""
    if probes.what.arguments:
        return fold_calls(script, probes.what.function, probes.what.arguments, calls)
    return scaled(plan.fold(script), calls)


def _stacks(job: Job) -> tuple[str, ...]:
    # perf of Debian 13 unwinds no copy of a riscv64 stack; our own builds have frame pointers.
    by_pointer = job.artifact.target.architecture == "riscv64" or is_go(Path(job.artifact.command[-1]))
    return _BY_POINTER if by_pointer else _BY_COPY


def require_event(listing: Sequence[str], event: str) -> None:
    """Check that a recording holds samples of `event`, by the lines of `perf evlist`.

    perf record takes cpu-clock instead of cycles where there is no PMU, and does not say so.

    Raises:
        Unavailable: it holds others only.
    """
    # With a delayed start perf adds an event of its own that only tracks mappings, and it gives tips.
    found = [line for line in listing if line.strip()]
    names = [bare_name(name) for name in found if not name.startswith(("#", "dummy"))]
    if bare_name(event) not in names:
        instead = ", ".join(names) or "nothing"
        raise Unavailable(
            f"perf recorded {instead} instead of {event}: this kernel does not offer that event",
            "Record page-faults, or use a machine whose PMU can sample (`perf list hardware`).",
        )
