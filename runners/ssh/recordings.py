"""What is recorded in one execution on a board: stacks of an event, calls of a function, a time line.

Each says what perf is told, which probes stand meanwhile, and what becomes of what was found.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from pagewalk.errors import Unavailable
from pagewalk.model import Outcome, Run
from runners.counters.perf.record_plan import RecordPlan, fold_recorded_calls
from runners.counters.perf.stat_csv import parse_csv
from runners.counters.perf.timeline import read_events
from runners.counters.probes.pauses import Pauses
from runners.recording import FULL, timed, when_full
from runners.ssh.job_file import Order
from runners.ssh.local_labels import function_at_address, without_labels
from runners.ssh.probing import BoardProbes
from runners.ssh.recording import Recorded


class Recording(Protocol):
    """One kind."""

    @property
    def plan(self) -> RecordPlan: ...

    @property
    def probes(self) -> tuple[BoardProbes, ...]:
        """Those that stand for this execution."""
        ...

    @property
    def counted(self) -> tuple[str, ...]:
        """What perf counts besides."""
        ...

    def result(self, run: Run, found: Recorded) -> Run:
        """Return a run, however it ended, with what was recorded of it."""
        ...


def recorded(order: Order, recording: Recording) -> Order:
    """Return an order that records, and counts nothing but what belongs to that."""
    places = tuple(words for one in recording.probes for words in one.places)
    return replace(order, events=recording.counted, plan=recording.plan, places=places)


@dataclass(frozen=True, slots=True)
class StackRecording:
    """Samples of an event with their stacks."""

    plan: RecordPlan
    probes: tuple[BoardProbes, ...] = ()
    counted: tuple[str, ...] = ()

    def result(self, run: Run, found: Recorded) -> Run:
        return _folded(run, found, self.plan.fold)


@dataclass(frozen=True, slots=True)
class CallRecording:
    """Calls of one function, sampled or one by one, and counted besides: the stacks sum up to all of them."""

    plan: RecordPlan
    called: BoardProbes

    @property
    def probes(self) -> tuple[BoardProbes, ...]:
        return (self.called,)

    @property
    def counted(self) -> tuple[str, ...]:
        return (self.called.probes.events,)

    def result(self, run: Run, found: Recorded) -> Run:
        """Raises: Unavailable: perf did not count the calls."""
        if run.outcome is not Outcome.OK and not found.ended:
            return run
        calls = _calls(found.counts, self.called.probes.group)
        run = _folded(
            run, found, lambda script: fold_recorded_calls(self.plan, script, self.called.probes, calls)
        )
        return replace(run, facts={**run.facts, "calls": str(calls)})


@dataclass(frozen=True, slots=True)
class TimelineRecording:
    """Page faults, marks, pauses and signals by one clock.

    Args:
        world: probes on the functions that stop and start Go's world.
    """

    plan: RecordPlan
    world: tuple[BoardProbes, BoardProbes] | None = None
    counted: tuple[str, ...] = ()

    @property
    def probes(self) -> tuple[BoardProbes, ...]:
        return self.world or ()

    @property
    def pauses(self) -> Pauses | None:
        """Whose events are Go's pauses."""
        return Pauses(*(one.probes for one in self.world)) if self.world else None

    def result(self, run: Run, found: Recorded) -> Run:
        def function_at(file: str, address: int) -> str:
            path = found.find(file)
            return function_at_address(path, address) if path else ""

        run = timed(run, read_events(found.script, self.pauses, function_at), ended=found.ended)
        return replace(run, facts={**run.facts, "recorded": FULL}) if found.cut else run


def _folded(run: Run, found: Recorded, fold: Callable[[str], str]) -> Run:
    if run.outcome is not Outcome.OK and not found.ended:
        return run
    folded = fold(without_labels(found.script, found.find))
    facts = when_full(run.facts) if found.ended or found.cut else run.facts
    return Run(Outcome.OK, facts=facts, folded=folded)


def _calls(counts: str, group: str) -> int:
    lines = parse_csv(counts, [group])
    if not lines or any(line.value is None for line in lines):
        raise Unavailable(
            "perf on the board did not count the calls", "Is its disk full, or was perf killed?"
        )
    return sum(int(line.value or 0) for line in lines)
