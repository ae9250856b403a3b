"""Counting with `perf stat`: on boards, and where perf may do what we may not (file capabilities)."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Job, Missing, Precision, Provenance, Sample
from pagewalk.protocols import Region
from runners.counters.events import Counted, Processor
from runners.counters.groups import counters_taken, groups
from runners.counters.perf_control import PerfControl
from runners.counters.perf_csv import NOT_COUNTED, NOT_SUPPORTED, Line, parse_csv
from runners.counters.processor import this_processor
from runners.counters.sysfs_events import lacking

NO_PERF = "perf is not installed: apt-get install linux-perf"

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


def perf_path() -> str:
    """Return the perf that is on our path; the workload's own path may not lead to it."""
    return shutil.which("perf") or "perf"


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


def samples(text: str, operations: int, processor: Processor) -> list[Sample | Missing]:
    """Return every metric that `text`, from `perf stat -x,`, gives or refuses, per operation."""
    lines = read_lines(text, processor)
    counted = [_metric(counted, lines, operations) for counted in processor.counted]
    return [*counted, *(Missing(metric, why) for metric, why in processor.missing.items())]


def offers(processor: Processor, lines: Sequence[Line] | str) -> dict[str, Provenance | Missing]:
    """Return how each metric would be counted, from what perf said of its events when it tried them.

    Args:
        lines: what perf said, or why it said nothing.

    An event that was not counted in that moment may be counted in the next.
    """
    found: dict[str, Provenance | Missing] = {m: Missing(m, why) for m, why in processor.missing.items()}
    for counted in processor.counted:
        found[counted.metric] = _offer(counted, processor, lines)
    return found


def _offer(counted: Counted, processor: Processor, lines: Sequence[Line] | str) -> Provenance | Missing:
    if isinstance(lines, str):
        return Missing(counted.metric, lines)
    if reason := lacking(processor, counted.events):
        return Missing(counted.metric, reason)
    for event in counted.events:
        said = [line for line in lines if line.event == event.asked]
        if not any(line.refused != NOT_SUPPORTED for line in said):
            return Missing(counted.metric, _refusal(event.name, said))
    there = _present(counted, lines)
    said_of = [line for event in there.all for line in lines if line.event == event.asked]
    if not counted.user_only and any(_user_only(line) for line in said_of):
        return Missing(counted.metric, _NO_KERNEL)
    return _provenance(counted, said_of)


def countable(processor: Processor, lines: Sequence[Line] | str) -> list[Counted]:
    """Return the metrics that can be counted, with just the events that are there."""
    if isinstance(lines, str):
        return list(processor.counted)
    found = offers(processor, lines)
    return [_present(c, lines) for c in processor.counted if isinstance(found[c.metric], Provenance)]


def _present(counted: Counted, lines: Sequence[Line]) -> Counted:
    there = {line.event for line in lines if line.refused != NOT_SUPPORTED}
    return Counted(counted.metric, counted.events, tuple(e for e in counted.more if e.asked in there))


def read_lines(text: str, processor: Processor) -> list[Line]:
    """Return what `text`, from `perf stat -x,`, says of a processor's events."""
    return parse_csv(text, [event.asked for counted in processor.counted for event in counted.all])


def _metric(counted: Counted, lines: Sequence[Line], operations: int) -> Sample | Missing:
    if operations <= 0:
        return Missing(counted.metric, "the workload marked no region of interest")
    asked = {event.asked for event in counted.all}
    # A hybrid processor has a line for each kind of core; the kind it never ran on is not counted.
    counts = [line for line in lines if line.event in asked and line.value is not None and line.share > 0]
    for event in counted.all:
        said = [line for line in lines if line.event == event.asked]
        # One that may be added is here, only not counted this time: without it the sum would be too low.
        due = event in counted.events or any(line.refused == NOT_COUNTED for line in said)
        if due and not any(line in counts for line in said):
            return Missing(counted.metric, _refusal(event.name, said))
    if not counted.user_only and any(_user_only(line) for line in counts):
        return Missing(counted.metric, _NO_KERNEL)
    sums = [_both_kinds([line for line in counts if line.event == event]) for event in sorted(asked)]
    there = [(value, share) for value, share in sums if share]
    value, share = sum(value for value, _ in there) / operations, min(share for _, share in there)
    return Sample(counted.metric, value, _provenance(counted, counts, share))


def _both_kinds(lines: Sequence[Line]) -> tuple[float, float]:
    """Return what one event came to over all kinds of core, and the share of the time it was counting on any.

    perf scales each kind's count as if the process had never left it, which would count what
    happened on the other kind twice: a process half its time on each has 50 % and 50 %.
    """
    if len(lines) == 1:
        return lines[0].value or 0.0, lines[0].share
    share = sum(line.share for line in lines)
    raw = sum(line.value * line.share for line in lines if line.value is not None)
    return (raw / share if share < 1 else raw, min(1.0, share)) if share else (0.0, 0.0)


_NO_KERNEL = "sudo sysctl kernel.perf_event_paranoid=1: perf excludes the kernel, where this happens"


def _user_only(line: Line) -> bool:
    modifiers = line.said.rpartition("/" if "/" in line.said else ":")[2]
    return modifiers != line.said and "u" in modifiers and "k" not in modifiers


def _refusal(event: str, lines: Sequence[Line]) -> str:
    if any(line.refused == NOT_SUPPORTED for line in lines):
        return f"perf stat: {event} is not supported: this kernel offers no PMU event of that name"
    if lines:
        return f"perf stat: {event} was not counted: multiplexed away, or never scheduled"
    return f"perf stat said nothing of {event}"


def _provenance(counted: Counted, lines: Sequence[Line], share: float = 1.0) -> Provenance:
    said = "+".join(dict.fromkeys(_named(counted, line) for line in lines))
    return Provenance(counted.origin, Precision.SAMPLED, f"perf stat {said}", share)


def _named(counted: Counted, line: Line) -> str:
    """Return what perf says, but for a raw event's number its name: `dtlb_walk:u` for `r0034:u`."""
    name = next(event.name for event in counted.all if event.asked == line.event)
    if name == line.event:
        return line.said
    return f"{name}:u" if _user_only(line) else name


def _probe(processor: Processor) -> list[Line] | str:
    """Return what perf says of every event of a processor, each by itself, or why it says nothing."""
    if shutil.which("perf") is None:
        return NO_PERF
    events = dict.fromkeys(event.asked for counted in processor.counted for event in counted.all)
    command = ["perf", "stat", "-x,", "-e", ",".join(events), "--", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        return f"perf stat ended with status {done.returncode}: {done.stderr.strip()[:300]}"
    return read_lines(done.stderr, processor)
