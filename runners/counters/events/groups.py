"""Events that are counted at the same time: as many as the PMU has counters.

More events than counters take turns, and each value is then an estimate from the share of the time it
was counting. Events of one metric belong together, so that the parts of a sum are of the same moments.
"""

from collections.abc import Sequence
from pathlib import Path

from runners.counters.events.kernel import SOFTWARE, Event
from runners.counters.events.table import Counted, Processor

Group = tuple[Event, ...]

WATCHDOG = Path("/proc/sys/kernel/nmi_watchdog")


def groups(processor: Processor, counted: Sequence[Counted], taken: int = 0) -> tuple[Group, ...]:
    """Return every event of `counted` once, in groups that fit the processor's counters.

    Args:
        taken: counters that are in use by somebody else.

    What needs no general counter, and all where the counters are not known, stands alone.
    """
    room = processor.counters - taken
    alone: list[Group] = []
    packed: list[list[Event]] = []
    for metric in counted:
        seen = {event for group in (*alone, *packed) for event in group}
        fresh = [event for event in dict.fromkeys(metric.all) if event not in seen]
        free = [e for e in fresh if room < 1 or e.kind == SOFTWARE or e.name in processor.fixed]
        alone += [(event,) for event in free]
        _pack([event for event in fresh if event not in free], room, packed)
    return (*alone, *map(tuple, packed))


def _pack(events: Sequence[Event], room: int, packed: list[list[Event]]) -> None:
    """Add events to the first group with room for them all; a metric with too many is cut."""
    for start in range(0, len(events), max(1, room)):
        part = list(events[start : start + room])
        fitting = next((group for group in packed if len(group) + len(part) <= room), None)
        if fitting is None:
            packed.append(part)
        else:
            fitting += part


def counters_taken(watchdog: Path = WATCHDOG) -> int:
    """Return how many counters the kernel itself uses: one, where its NMI watchdog counts cycles.

    A group that needs all of them is then never scheduled (Documentation/admin-guide/lockup-watchdogs.rst).
    """
    try:
        return int(watchdog.read_text().strip() == "1")
    except OSError:
        return 0
