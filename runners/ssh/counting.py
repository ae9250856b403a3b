"""What perf counts on a board: the board's own processor, kernel and perf, asked once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pagewalk.inventories import Entry
from pagewalk.model import Missing, Provenance, Sample
from pagewalk.protocols import Region
from runners.counters.events.choice import narrowed
from runners.counters.events.kernel import RAW
from runners.counters.events.processor import identities, with_last_level
from runners.counters.events.table import Processor, processor_for
from runners.counters.perf.stat import asked_for
from runners.counters.perf.stat_values import countable, offers, read_lines, samples
from runners.execution.capture import printable
from runners.ssh.answer import Answer

NO_PERF = "perf is not installed on the board: apt-get install linux-perf there"
NO_CONTROL = "perf on the board is too old: it has no --control=fifo (Linux 5.10); install a newer one there"
_LEVELS = ("1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class Counting:
    """How a board counts.

    Args:
        processor: whose events they are.
        events: what perf is asked for; empty where it cannot be used.
        offers: by metric.
    """

    processor: Processor
    events: tuple[str, ...]
    offers: Mapping[str, Provenance | Missing]

    def parse(self, text: str, regions: Sequence[Region]) -> Iterable[Sample | Missing]:
        """Return what `text`, from `perf stat -x,`, says, per operation over all regions."""
        if not self.events:
            return list(self._missing.values())
        found = samples(text, sum(region.operations for region in regions), self.processor)
        # Of what it was never asked for perf says nothing; why it was not asked is known.
        return [
            value if isinstance(value, Sample) else self._missing.get(value.metric, value) for value in found
        ]

    @property
    def _missing(self) -> Mapping[str, Missing]:
        return {metric: value for metric, value in self.offers.items() if isinstance(value, Missing)}


def processor_of(entry: Entry, facts: Answer) -> Processor:
    """Return the board's processor with the metrics that its entry prefers."""
    levels = [int(word) for word in facts.text("caches").split() if word in _LEVELS]
    found = processor_for(entry.target.architecture, identities(facts.text("cpuinfo")))
    found = with_last_level(found, max(levels, default=None))
    found = _listed(found, facts.text("pmu").split())
    if not entry.counters:
        return found
    return narrowed(found, entry.counters, f"left out: {entry.name} prefers {', '.join(entry.counters)}")


def events_of(processor: Processor) -> str:
    """Return every event of a processor, as perf is asked for it when it is tried."""
    return ",".join(dict.fromkeys(event.asked for counted in processor.counted for event in counted.all))


def counting_of(processor: Processor, facts: Answer, tried: Answer | None) -> Counting:
    """Return how the board counts, from what its perf said of each event.

    Args:
        tried: the answer to `perf_events`; None where there is no perf.
    """
    reason = _reason(tried)
    lines = reason or read_lines(_said(tried), processor)
    taken = int(facts.text("watchdog") == "1")
    events = () if reason else asked_for(processor, countable(processor, lines), taken)
    return Counting(processor, events, offers(processor, lines))


def _reason(tried: Answer | None) -> str:
    """Why perf cannot be used; empty where it can."""
    if tried is None:
        return NO_PERF
    if tried.text("status") != "0":
        said = printable(tried.text("said"))[:300]
        return f"perf stat on the board ended with status {printable(tried.text('status'))}: {said}"
    return "" if tried.text("control") == "0" else NO_CONTROL


def _said(tried: Answer | None) -> str:
    return tried.text("csv") if tried else ""


def _listed(processor: Processor, names: Sequence[str]) -> Processor:
    """Return `processor` without the raw events that its PMU, which lists all it has, does not list.

    The board's sysfs was read by the board: what asks this machine's must not be asked any more.
    """
    if not processor.listed:
        return processor
    absent = {e.name for c in processor.counted for e in c.all if e.kind == RAW and e.name not in names}
    gone = {
        c.metric: f"the board's PMU does not implement {e.name}, or its kernel hides it"
        for c in processor.counted
        for e in c.events
        if e.name in absent
    }
    kept = tuple(
        replace(c, more=tuple(e for e in c.more if e.name not in absent))
        for c in processor.counted
        if c.metric not in gone
    )
    return replace(processor, counted=kept, missing={**processor.missing, **gone}, listed=False)
