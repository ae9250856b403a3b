"""What `perf stat -x,` writes, in the shapes its versions and locales give it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

NOT_SUPPORTED, NOT_COUNTED = "<not supported>", "<not counted>"

_NUMBER = re.compile(r"\d{1,20}(?:\.\d{1,12})?")
# Some versions print a raw event's number in a way of their own (tools/perf/util/evsel.c).
_RAW = re.compile(r"(?:r|raw 0x)([0-9a-f]{1,16})")
_UNITS = {"": 1.0, "msec": 1e-3, "ms": 1e-3, "usec": 1e-6, "ns": 1e-9, "nsec": 1e-9}


@dataclass(frozen=True, slots=True)
class Line:
    """One event of one `perf stat`.

    Args:
        event: perf's name without modifier and without the PMU around it: `page-faults`.
        said: the event as perf wrote it: `cpu_core/page-faults/u`.
        value: as perf scaled it for multiplexing, times in seconds; None where it has none.
        share: of the time the event was counting; 1 where an old perf says nothing.
        refused: `<not supported>` or `<not counted>`; empty where there is a value.
    """

    event: str
    said: str
    value: float | None
    share: float = 1.0
    refused: str = ""


def parse_csv(text: str, events: Sequence[str]) -> list[Line]:
    """Return what is said of `events`; comments, other events and metrics are passed over.

    The format is `value,unit,event,run time,percentage,metric,unit of metric` (perf-stat(1), CSV FORMAT);
    perf before 3.16 has no unit and no percentage. A locale with a decimal comma splits numbers
    in two, so fields are counted from the event's name, which no locale changes.
    """
    found = (line_of(line.split(","), events) for line in text.splitlines() if not line.startswith("#"))
    return [line for line in found if line is not None]


def line_of(fields: list[str], events: Sequence[str]) -> Line | None:
    """Return what the fields of one line say of one of `events`; None where they are about none of them."""
    for index, field in enumerate(fields[:5]):
        event = bare_name(field)
        if event in events and index:
            return _read(event, field.strip(), fields[:index], fields[index + 1 :])
    return None


def bare_name(said: str) -> str:
    """`cpu_core/L1-dcache-load-misses/u` and `page-faults:u` without decoration, raw ones as `r0e08`."""
    _, _, inside = said.strip().partition("/")
    name = (inside.partition("/")[0] if inside else said.strip()).partition(":")[0]
    raw = _RAW.fullmatch(name)
    return f"r{int(raw[1], 16):04x}" if raw else name


def _read(event: str, said: str, before: list[str], after: list[str]) -> Line | None:
    first = before[0].strip()
    if first in (NOT_SUPPORTED, NOT_COUNTED):
        return Line(event, said, None, _share(after), first)
    unit = before[-1].strip() if len(before) > 1 else ""
    digits = before if unit in before and not unit else before[:-1] or before
    if len(before) > 1 and unit not in _UNITS:
        digits, unit = before, ""
    number = _number(digits)
    if number is None:
        return None
    # perf before 3.16 counts task-clock in milliseconds without saying so.
    scale = 1e-3 if event == "task-clock" and not unit else _UNITS[unit]
    return Line(event, said, number * scale, _share(after))


def _number(parts: Sequence[str]) -> float | None:
    text = ".".join(part.strip() for part in parts if part.strip())
    return float(text) if _NUMBER.fullmatch(text) else None


def _share(after: list[str]) -> float:
    """Return the percentage behind the run time as a share, 0 where it never ran."""
    if len(after) < 2:
        return 1.0
    hundredths = after[2].strip() if len(after) > 2 else ""
    whole = after[1].strip()
    number = _number(
        (whole, hundredths) if re.fullmatch(r"\d\d", hundredths) and "." not in whole else (whole,)
    )
    return min(1.0, number / 100) if number is not None and math.isfinite(number) else 1.0
