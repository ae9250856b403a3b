"""The events that the kernel numbers itself, the same on every architecture, and raw ones, by perf's names.

Source: include/uapi/linux/perf_event.h (perf_type_id, perf_hw_id, perf_sw_ids, perf_hw_cache_id); the names
are those of tools/perf/util/evsel.c.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

HARDWARE, SOFTWARE, TRACEPOINT, CACHE, RAW = range(5)

_RAW = re.compile(r"([A-Za-z][\w.-]{0,63})=r([0-9a-f]{1,16})")

_GENERIC = (
    "cycles",
    "instructions",
    "cache-references",
    "cache-misses",
    "branch-instructions",
    "branch-misses",
    "bus-cycles",
    "stalled-cycles-frontend",
    "stalled-cycles-backend",
    "ref-cycles",
)
_KERNEL = (
    "cpu-clock",
    "task-clock",
    "page-faults",
    "context-switches",
    "cpu-migrations",
    "minor-faults",
    "major-faults",
    "alignment-faults",
    "emulation-faults",
)
IN_THE_KERNEL = frozenset(("context-switches", "cpu-migrations"))
"""A switch happens inside the kernel: without it the event stays 0 for ever."""

_CACHES = ("L1-dcache", "L1-icache", "LLC", "dTLB", "iTLB", "branch", "node")
_OPERATIONS = ("load", "store", "prefetch")


@dataclass(frozen=True, slots=True)
class Event:
    """An event as the kernel numbers it (perf_event_open(2), `type` and `config`), and its name."""

    name: str
    kind: int
    config: int

    @property
    def asked(self) -> str:
        """What perf is asked for, which not every version knows the processor's own names of."""
        return f"r{self.config:04x}" if self.kind == RAW else self.name


def event(text: str) -> Event | None:
    """Return the event that `text` writes, `page-faults` or `dtlb_walk=r34`; None where it is none."""
    if match := _RAW.fullmatch(text):
        return Event(match[1], RAW, int(match[2], 16))
    return KERNEL_EVENTS.get(text)


def _all() -> Iterator[Event]:
    yield from (Event(name, HARDWARE, number) for number, name in enumerate(_GENERIC))
    yield from (Event(name, SOFTWARE, number) for number, name in enumerate(_KERNEL))
    for cache, what in enumerate(_CACHES):
        for operation, how in enumerate(_OPERATIONS):
            config = cache | operation << 8
            yield Event(f"{what}-{how}{'es' if how == 'prefetch' else 's'}", CACHE, config)
            yield Event(f"{what}-{how}-misses", CACHE, config | 1 << 16)


KERNEL_EVENTS: Mapping[str, Event] = {event.name: event for event in _all()}
"""By perf's name."""
