"""From what `perf stat` said of events to the values of metrics, or to why there is none."""

from collections.abc import Sequence

from pagewalk.model import Missing, Precision, Provenance, Sample
from runners.counters.events.sysfs import lacking
from runners.counters.events.table import Counted, Processor
from runners.counters.perf.stat_csv import NOT_COUNTED, NOT_SUPPORTED, Line, parse_csv
from runners.counters.perf.stat_json import parse_json


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
    """Return what `text`, from `perf stat -x,` or `-j`, says of a processor's events."""
    # Some versions write a comment before the first object.
    parse = parse_json if "\n{" in f"\n{text}" else parse_csv
    return parse(text, [event.asked for counted in processor.counted for event in counted.all])


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
