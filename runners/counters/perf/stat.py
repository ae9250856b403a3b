"""Counting with `perf stat`: on boards, and where perf may do what we may not (file capabilities)."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Job, Missing, Provenance, Sample
from pagewalk.protocols import Region
from runners.counters.events.groups import counters_taken, groups
from runners.counters.events.processor import this_processor
from runners.counters.events.table import Counted, Processor
from runners.counters.perf.command import NO_PERF, ask_perf, perf_path
from runners.counters.perf.control import PerfControl
from runners.counters.perf.stat_csv import Line
from runners.counters.perf.stat_values import countable, offers, read_lines, samples

# perf stat ends with status 0 when a signal ended its child; a shell in between says 128 + signal.
_RELAY = ("sh", "-c", '"$@"; exit $?', "sh")


def stat_command(output: str, control: str, events: Sequence[str]) -> tuple[str, ...]:
    """Return the command line that goes before a workload's, counting only while switched on.

    Args:
        output: the file perf writes its CSV to.
        control: perf's own option, `--control=fd:4,5` where the workload itself talks to perf.
        events: what to count, see `asked_for`.
    """
    return ("perf", "stat", "-x,", "-o", output, "-D", "-1", control, "-e", ",".join(events), "--", *_RELAY)


def asked_for(processor: Processor, counted: Sequence[Counted], taken: int = 0) -> tuple[str, ...]:
    """Return what perf is asked for: every event once, those that count together in braces.

    Args:
        counted: of these metrics; all their events must be there, since perf gives up on a group
            whose first event is not.
        taken: counters that are in use by somebody else.

    A weak group (`:W`) falls apart where the PMU cannot schedule it (perf-list(1), EVENT GROUPS).
    """
    packed = groups(processor, counted, taken)
    return tuple(g[0].asked if len(g) == 1 else f"{{{','.join(e.asked for e in g)}}}:W" for g in packed)


class PerfStat:
    """The counter source of that name.

    Args:
        processor: whose events to count; this machine's where none is given.
    """

    name = "perf_stat"

    def __init__(self, processor: Processor | None = None) -> None:
        self._given = processor
        self._availability: dict[str, Provenance | Missing] | None = None
        self._events: tuple[str, ...] = ()

    def availability(self) -> Mapping[str, Provenance | Missing]:
        """Per metric, found by counting `true` once."""
        if self._availability is None:
            lines = _probe(self._processor)
            self._availability = offers(self._processor, lines)
            self._events = asked_for(self._processor, countable(self._processor, lines), counters_taken())
        return self._availability

    def open(self, scratch: Path, job: Job) -> "PerfStatSession":  # noqa: ARG002  the protocol's
        self.availability()
        return PerfStatSession(scratch, self._processor, self._events)

    @property
    def _processor(self) -> Processor:
        return self._given or this_processor()


class PerfStatSession:
    """One `perf stat` around one workload; reports 128 + signal for a workload that a signal ended."""

    def __init__(self, scratch: Path, processor: Processor, events: Sequence[str]) -> None:
        self._control = PerfControl(scratch)
        self._output = scratch / "perf-stat.csv"
        self._processor = processor
        self._events = events

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        asked = stat_command(str(self._output), self._control.option, self._events)
        return (perf_path(), *asked[1:], *command)

    def attach(self, pid: int) -> None:
        self._control.attach(pid)

    def enable(self) -> None:
        self._control.ask("enable")

    def disable(self) -> None:
        self._control.ask("disable")

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:
        """Raises: Unavailable: perf wrote nothing."""
        try:
            text = self._output.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise Unavailable(f"perf stat left no {self._output}: {error.strerror}", NO_PERF) from error
        return samples(text, sum(region.operations for region in regions), self._processor)


def _probe(processor: Processor) -> list[Line] | str:
    """Return what perf says of every event of a processor, each by itself, or why it says nothing."""
    if shutil.which("perf") is None:
        return NO_PERF
    events = dict.fromkeys(event.asked for counted in processor.counted for event in counted.all)
    done = ask_perf("stat", "-x,", "-e", ",".join(events), "--", "true")
    if done.returncode:
        return f"perf stat ended with status {done.returncode}: {done.stderr.strip()[:300]}"
    return read_lines(done.stderr, processor)
