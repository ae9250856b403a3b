"""Which events of which processor give which metric: `runners/events.toml`, read with suspicion.

The file says how it is written, and where each number is from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from pagewalk.config import Table, nearest, read_toml
from pagewalk.metrics import METRICS
from pagewalk.model import Origin
from runners.counters.events.kernel import IN_THE_KERNEL, SOFTWARE, Event, event

FILE = Path(__file__).parents[2] / "events.toml"
ANY = "any"
"""The processor whose events every kernel has."""

_NAME = r"[a-z][a-z0-9_-]{0,40}"


@dataclass(frozen=True, slots=True)
class Counted:
    """A metric as a sum of events.

    Args:
        events: those without which the metric is missing.
        more: those that are added where the machine has them, stores beside loads.
    """

    metric: str
    events: tuple[Event, ...]
    more: tuple[Event, ...] = ()

    @property
    def all(self) -> tuple[Event, ...]:
        return (*self.events, *self.more)

    @property
    def origin(self) -> Origin:
        software = all(event.kind == SOFTWARE for event in self.events)
        return Origin.KERNEL if software else Origin.HARDWARE

    @property
    def scale(self) -> float:
        """From the events' unit, which is nanoseconds for clocks, to the metric's."""
        return 1e-9 if METRICS[self.metric].unit == "seconds" else 1.0

    @property
    def user_only(self) -> bool:
        """Whether the events still mean something when the kernel is excluded."""
        return not any(event.name in IN_THE_KERNEL for event in self.events)


@dataclass(frozen=True, slots=True)
class Processor:
    """What the counters of one kind of processor give.

    Args:
        name: its key in the file; an architecture's name where the model is not known.
        title: what a person calls it.
        match: patterns of identities, as `runners.counters.events.processor.identities` writes them.
        counters: how many general counters there are; 0 where nothing shall be grouped.
        fixed: names of events that have a counter of their own.
        listed: whether sysfs names every event that the PMU implements.
        counted: in the order of `pagewalk.metrics`.
        missing: by metric, why there is no event for it.
        source: where all of this is from.
    """

    name: str
    title: str
    match: tuple[str, ...]
    counters: int
    fixed: frozenset[str]
    listed: bool
    counted: tuple[Counted, ...]
    missing: Mapping[str, str]
    source: str

    def matches(self, identity: str) -> bool:
        return any(fnmatchcase(identity, pattern) for pattern in self.match)

    def event(self, name: str) -> Event | None:
        """Return the event of this name that some metric is made of."""
        return next((e for counted in self.counted for e in counted.all if e.name == name), None)


@dataclass(frozen=True, slots=True)
class Events:
    """The whole file.

    Args:
        processors: by name.
        misnomers: names that no perf knows though articles write them, with the metrics they may mean.
    """

    processors: Mapping[str, Processor]
    misnomers: Mapping[str, tuple[str, ...]]


@cache
def known_events() -> Events:
    """Return the project's own table."""
    return read_events(FILE)


def read_events(path: Path) -> Events:
    """Read and validate a table of events.

    Raises:
        ConfigError: says which line is wrong and why.
    """
    top = read_toml(path)
    top.allow("processor", "misnomer")
    processors: dict[str, Processor] = {}
    for table in top.tables("processor"):
        processor = _processor(table, processors)
        if processor.name in processors:
            raise table.error(f"{processor.name!r} is there twice", "Give each processor one entry.", "name")
        processors[processor.name] = processor
    if ANY not in processors:
        raise top.error(f"no processor {ANY!r}", "Start with what every kernel has.")
    return Events(processors, dict(_misnomers(top)))


def _processor(table: Table, known: Mapping[str, Processor]) -> Processor:
    table.allow(
        "name", "title", "base", "match", "counters", "fixed", "listed", "metrics", "missing", "source"
    )
    base = _base(table, known)
    counted = {c.metric: c for c in base.counted} if base else {}
    changed = {c.metric: c for c in _metrics(table)}
    missing = {**(base.missing if base else {}), **_missing(table)}
    counted = {metric: c for metric, c in {**counted, **changed}.items() if c.events}
    return Processor(
        name=table.text("name", pattern=_NAME),
        title=table.text("title"),
        match=table.texts("match", ()),
        counters=int(table.number("counters", 0, least=0)),
        fixed=frozenset(table.texts("fixed", ())),
        listed=_flag(table, "listed"),
        counted=tuple(counted[metric] for metric in METRICS if metric in counted),
        missing={metric: why for metric, why in missing.items() if metric not in counted},
        source=table.text("source"),
    )


def _base(table: Table, known: Mapping[str, Processor]) -> Processor | None:
    name = table.text("base", "")
    if name and name not in known:
        close = nearest(name, known, 1)
        hint = f"Did you mean {close[0]!r}?" if close else "A base stands above what is based on it."
        raise table.error(f"base = {name!r} is no processor above", hint, "base")
    return known.get(name)


def _metrics(table: Table) -> Iterator[Counted]:
    inner = _inner(table, "metrics")
    inner.allow(*METRICS)
    for metric in inner.values:
        written = inner.texts(metric)
        needed = tuple(_event(inner, metric, text) for text in written if not text.startswith("?"))
        more = tuple(_event(inner, metric, text[1:]) for text in written if text.startswith("?"))
        if more and not needed:
            raise inner.error(f"{metric} needs no event at all", "Take the ? from one of them.", metric)
        yield Counted(metric, needed, more)


def _event(table: Table, metric: str, text: str) -> Event:
    found = event(text)
    if found is None:
        raise table.error(
            f"{metric}: {text!r} is no event", 'Write perf\'s name or a raw event: "dtlb_walk=r34".', metric
        )
    return found


def _missing(table: Table) -> dict[str, str]:
    inner = _inner(table, "missing")
    inner.allow(*METRICS)
    return {metric: inner.text(metric) for metric in inner.values}


def _inner(table: Table, key: str) -> Table:
    """Return `[processor.KEY]` of this very processor, which knows its lines."""
    values = table.table(key).values if key in table.values else {}
    return Table(table.path, table.source, values, f"{table.section}.{key}", table.index)


def _flag(table: Table, key: str) -> bool:
    value = table.values.get(key, False)
    if not isinstance(value, bool):
        raise table.error(f"{key} = {value!r} is neither true nor false", f"Write {key} = true.", key)
    return value


def _misnomers(top: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    for table in top.tables("misnomer"):
        table.allow("metrics", "names")
        metrics = table.texts("metrics")
        for metric in metrics:
            if metric not in METRICS:
                raise table.error(f"{metric!r} is no metric", f"There are {', '.join(METRICS)}.", "metrics")
        yield from ((name, metrics) for name in table.texts("names", pattern=r"[a-z0-9-]+"))


def architecture_of(architecture: str) -> Processor:
    """Return what is known of an architecture whose model is not."""
    processors = known_events().processors
    return processors.get(architecture, processors[ANY])


def processor_for(architecture: str, identities: Sequence[str]) -> Processor:
    """Return the processor of all `identities`, one a kind of core; the architecture's where they differ.

    Args:
        architecture: as `pagewalk.model.Target` has it.
    """
    processors = known_events().processors.values()
    found = {next((p.name for p in processors if p.matches(identity)), "") for identity in identities}
    name = found.pop() if len(found) == 1 else ""
    return known_events().processors.get(name) or architecture_of(architecture)
