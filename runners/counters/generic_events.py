"""Which of the kernel's generic events gives which metric.

Only events that mean the same thing on every architecture; raw events of one processor model
belong to a table of that model.
"""

from dataclasses import dataclass
from pathlib import Path

from pagewalk.metrics import (
    CONTEXT_SWITCHES,
    DTLB_MISSES,
    INSTRUCTIONS,
    L1D_MISSES,
    L2_MISSES,
    PAGE_FAULTS,
    TASK_CLOCK,
)
from pagewalk.model import Origin
from runners.counters.perf_syscall import Event

_HARDWARE, _SOFTWARE, _CACHE = 0, 1, 3
_L1D, _LL, _DTLB = 0, 2, 3
_READ, _WRITE, _MISS = 0, 1, 1


@dataclass(frozen=True, slots=True)
class Counted:
    """A metric as a sum of events.

    Args:
        scale: from the event's unit to the metric's.
        needed: events without which the metric is missing.
        more: events that are added where the machine has them, stores beside loads.
        user_only: whether the event still means something when the kernel is excluded.
    """

    metric: str
    origin: Origin
    needed: Event
    more: tuple[Event, ...] = ()
    scale: float = 1.0
    user_only: bool = True


def _cache(name: str, cache: int, operation: int) -> Event:
    return Event(name, _CACHE, cache | operation << 8 | _MISS << 16)


COUNTED = (
    Counted(TASK_CLOCK.name, Origin.KERNEL, Event("task-clock", _SOFTWARE, 1), scale=1e-9),
    Counted(PAGE_FAULTS.name, Origin.KERNEL, Event("page-faults", _SOFTWARE, 2)),
    # A switch happens inside the kernel: without it the event stays 0 for ever.
    Counted(CONTEXT_SWITCHES.name, Origin.KERNEL, Event("context-switches", _SOFTWARE, 3), user_only=False),
    Counted(INSTRUCTIONS.name, Origin.HARDWARE, Event("instructions", _HARDWARE, 1)),
    Counted(
        DTLB_MISSES.name,
        Origin.HARDWARE,
        _cache("dTLB-load-misses", _DTLB, _READ),
        (_cache("dTLB-store-misses", _DTLB, _WRITE),),
    ),
    Counted(L1D_MISSES.name, Origin.HARDWARE, _cache("L1-dcache-load-misses", _L1D, _READ)),
)
"""Metrics that generic events give on every machine that has the counters."""

LAST_LEVEL = Counted(L2_MISSES.name, Origin.HARDWARE, _cache("LLC-load-misses", _LL, _READ))
"""The last-level cache, whichever level that is: the second one on a few small boards only."""


def last_cache_level(root: Path = Path("/sys/devices/system/cpu/cpu0/cache")) -> int | None:
    """Return the level of the last cache, from sysfs; None where the kernel does not tell."""
    levels = [path.read_text().strip() for path in root.glob("index*/level")]
    return max((int(level) for level in levels if level.isdigit()), default=None)
