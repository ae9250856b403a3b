"""The workload's side of `benchmarks/CONTRACT.md`: what it says on stdout, taken at no word.

A workload may be anybody's patch gone wrong, so each line is checked before it is believed.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pagewalk.protocols import Region
from runners.execution.capture import Capture, printable

MEMORY = frozenset({"live_bytes", "resident_bytes", "settled_bytes"})

_OF_A_CRASH = frozenset({"crash", "registers", "mapping", "page"})
_MOST_REGIONS = 1000
_MOST_FACTS = 200
_LONGEST_TEXT = 1000
_MOST_OPERATIONS = 1 << 62


class _Malformed(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class Report:
    """All that a workload said.

    Args:
        regions: in order of arrival.
        facts: its facts; values of its check under `check.<name>`, loops under `loops.<region>`.
        defect: what was wrong with the first line that breaks the contract; empty when none does.
    """

    regions: tuple[Region, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    defect: str = ""


def read_report(capture: Capture) -> Report:
    """Return what stdout says; never raises, a broken line becomes the `defect`."""
    regions: list[Region] = []
    facts: dict[str, str] = {}
    defect = f"stdout goes on after {len(capture.stdout_head)} bytes" if capture.overflow else ""
    for number, line in enumerate(capture.stdout_head.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            _take(_parse(line), regions, facts)
        except _Malformed as error:
            seen = printable(line[:100].decode("utf-8", "replace"))
            defect = f"line {number} of stdout {error}: {seen}"
            break
    return Report(tuple(regions), facts, defect)


def _parse(line: bytes) -> dict[str, object]:
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _Malformed("is not JSON") from error
    if not isinstance(value, dict):
        raise _Malformed("is not a JSON object")
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _take(record: dict[str, object], regions: list[Region], facts: dict[str, str]) -> None:
    if "region" in record:
        if len(regions) >= _MOST_REGIONS:
            raise _Malformed(f"is a region after {_MOST_REGIONS} regions")
        region = _region(record)
        regions.append(region)
        if "loops" in record:
            facts[f"loops.{region.name}"] = str(_integer(record, "loops"))
    elif "facts" in record:
        _take_facts(record["facts"], "", facts)
    elif "memory" in record:
        regions[-1:] = [_with_memory(regions, record["memory"])]
    elif "check" in record:
        _take_facts(record["check"], "check.", facts)
    elif not record.keys() & _OF_A_CRASH:
        raise _Malformed("is none of region, facts, memory, check and crash")


def _with_memory(regions: list[Region], found: object) -> Region:
    """Return the last region with what the workload says of its memory."""
    if not regions or regions[-1].memory:
        raise _Malformed("has memory of no region")
    if not isinstance(found, dict) or not found.keys() <= MEMORY:
        raise _Malformed(f"has memory other than {', '.join(sorted(MEMORY))}")
    return replace(regions[-1], memory={name: _integer(found, name) for name in found})


def _region(record: dict[str, object]) -> Region:
    name = record["region"]
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_TEXT:
        raise _Malformed("has no name for its region")
    seconds = record.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise _Malformed("has no number of seconds")
    if not (seconds > 0 and math.isfinite(seconds)):
        raise _Malformed("has seconds that no clock shows")
    return Region(printable(name), _integer(record, "operations"), float(seconds))


def _integer(record: dict[str, object], key: str) -> int:
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _MOST_OPERATIONS:
        raise _Malformed(f"has no positive integer of {key}")
    return value


def _take_facts(found: object, prefix: str, facts: dict[str, str]) -> None:
    if not isinstance(found, dict):
        raise _Malformed("has facts that are no JSON object")
    for key, value in found.items():
        if len(facts) >= _MOST_FACTS:
            raise _Malformed(f"has facts after {_MOST_FACTS} facts")
        text = value if isinstance(value, str) else json.dumps(value)
        facts[printable(prefix + key)[:_LONGEST_TEXT]] = printable(text)[:_LONGEST_TEXT]
