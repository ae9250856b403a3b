"""What the plugin left: JSON, one object a line, read as if somebody else had written it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pagewalk.metrics import (
    DTLB_MISSES,
    INSTRUCTIONS,
    ITLB_MISSES,
    L1D_MISSES,
    L2_MISSES,
    STLB_MISSES,
    WALK_LOADS,
)

ALWAYS = (INSTRUCTIONS.name,)
FETCHES = (ITLB_MISSES.name, "l1i_misses")
"""What is counted where fetches of instructions are modelled."""
MODELLED = (DTLB_MISSES.name, STLB_MISSES.name, L1D_MISSES.name, L2_MISSES.name, WALK_LOADS.name)

_LIMIT = 4 << 20
_LARGEST = 1 << 63


class Unreadable(Exception):
    """Why there are no counts: words for a `Missing`."""


@dataclass(frozen=True, slots=True)
class Counts:
    """All that one execution left.

    Args:
        fetches: whether fetches of instructions were modelled.
        threads: whether counters were kept per vCPU.
        vcpus: how many there were; more than `max_vcpus` and some were not counted.
        regions: by index, the counts by name: the metrics, and loads, stores,
            zeroed_blocks, …_store_misses.
        ended: whether the workload exited by itself. QEMU 10 tells of a deadly signal in the same way.
        killed_itself: whether the last that it did was to send itself SIGKILL.
        replaced: whether it executed another program in its place (execve), of which nothing is known.
    """

    target: str
    full: bool
    fetches: bool
    threads: bool
    vcpus: int
    max_vcpus: int
    regions: Mapping[int, Mapping[str, int]]
    ended: bool
    killed_itself: bool
    replaced: bool


def read_counts(path: Path) -> Counts:
    """Read a file of the plugin's.

    A last line without its end is taken for never written: the emulator was killed over it.

    Raises:
        Unreadable: there is no such file, or it is not what the plugin writes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LIMIT + 1)
    except OSError as error:
        raise Unreadable(f"the emulator plugin left no counts: {error.strerror}") from error
    if len(data) > _LIMIT:
        raise Unreadable(f"the emulator plugin's counts exceed {_LIMIT} bytes")
    lines = data.split(b"\n")[:-1]
    if not lines:
        raise Unreadable("the emulator plugin left an empty file")
    return _counts([_object(line, number) for number, line in enumerate(lines, start=1)])


def _counts(objects: list[Mapping[str, object]]) -> Counts:
    header, lines = objects[0], objects[1:]
    target, mode, threads = header.get("target"), header.get("mode"), header.get("threads")
    if header.get("memsim") != 1 or mode not in ("full", "icount"):
        raise Unreadable("line 1 of the emulator plugin's counts is no header of version 1")
    if not isinstance(target, str) or not isinstance(threads, bool):
        raise Unreadable("line 1 of the emulator plugin's counts names no target and threads")
    fetches = "l1i" in header
    names = (*ALWAYS, *(MODELLED if mode == "full" else ()), *(FETCHES if fetches else ()))
    regions: dict[int, Mapping[str, int]] = {}
    for number, line in enumerate(lines, start=2):
        if "region" in line:
            index = _count(line, "region", number)
            if index in regions:
                raise Unreadable(f"line {number} of the emulator plugin's counts is a second region {index}")
            regions[index] = _region(line, names, number)
    vcpus = max((_count(line, "vcpus", number) for number, line in enumerate(lines, start=2)), default=0)
    last = lines[-1] if lines else {}
    ended, killed_itself = last.get("end") is True, last.get("kills_itself") is True
    replaced = [line["replaced"] is True for line in lines if "replaced" in line][-1:] == [True]
    most = _count(header, "max_vcpus", 1)
    return Counts(
        target, mode == "full", fetches, threads, vcpus, most, regions, ended, killed_itself, replaced
    )


def _region(line: Mapping[str, object], names: tuple[str, ...], number: int) -> Mapping[str, int]:
    found = {name: _count(line, name, number) for name in line if name not in ("region", "vcpus")}
    if lacking := [name for name in names if name not in found]:
        raise Unreadable(f"line {number} of the emulator plugin's counts lacks {', '.join(lacking)}")
    return found


def _count(line: Mapping[str, object], name: str, number: int) -> int:
    value = line.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LARGEST:
        raise Unreadable(f"line {number} of the emulator plugin's counts: {name} = {value!r} is no count")
    return value


def _object(line: bytes, number: int) -> Mapping[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"line {number} of the emulator plugin's counts is not JSON") from error
    if not isinstance(value, dict):
        raise Unreadable(f"line {number} of the emulator plugin's counts is no object")
    return value
