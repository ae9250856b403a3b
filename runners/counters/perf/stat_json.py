"""What `perf stat -j` writes: an object an event, where `-x,` has a line of fields (perf-stat(1), JSON).

Here perf is asked for `-x,`, which every version has; who brings a recording may have taken either.
"""

import json
from collections.abc import Sequence

from runners.counters.perf.stat_csv import Line, line_of

_KEYS = ("counter-value", "unit", "event", "event-runtime", "pcnt-running")


def parse_json(text: str, events: Sequence[str]) -> list[Line]:
    """Return what is said of `events`; what is no object of an event is passed over."""
    found = (_line(line, events) for line in text.splitlines())
    return [line for line in found if line is not None]


def _line(text: str, events: Sequence[str]) -> Line | None:
    try:
        told = json.loads(text)
        value, unit, said, runtime, percent = (str(told.get(key, "")) for key in _KEYS)
    except (ValueError, RecursionError, AttributeError):
        return None
    # A locale with a decimal comma writes it here, too, where nothing else has one.
    return line_of([value.replace(",", "."), unit, said, runtime, percent.replace(",", ".")], events)
