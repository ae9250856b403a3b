"""What the crash handler of a C workload wrote, taken at no word: `benchmarks/CONTRACT.md`, A crash."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from runners.execution.capture import printable

DETAILS = ('{"registers":', '{"mapping":', '{"page":')
"""How the lines begin that are read here and would only be noise among the last output."""

NOTHING_MAPPED = "nothing is mapped there"

_PREFIXES = tuple(prefix.encode() for prefix in ('{"crash":', *DETAILS))
_REGISTER = re.compile(r"[a-z][a-z0-9]{0,7}")
_ADDRESS = re.compile(r"0x[0-9a-f]{1,16}")
_MOST_REGISTERS = 64
_LONGEST = 1000
_PAGE_KEYS = ("present", "swapped", "file", "soft_dirty", "rss_kb", "dirty_kb", "huge_kb")


@dataclass(frozen=True, slots=True)
class Told:
    """All that the handler told; what it did not is None or empty.

    Args:
        code, memory: lines of /proc/PID/maps that hold the program counter and the fault address.
        page: numbers of pagemap and smaps, kB where the name says so.
    """

    pc: int | None = None
    registers: Mapping[str, int] = field(default_factory=dict)
    code: str = ""
    memory: str = ""
    page: Mapping[str, int] = field(default_factory=dict)


def read_told(stdout: bytes) -> Told:
    """Return what the handler wrote among all of stdout; a line that makes no sense tells nothing."""
    found = dict(_entries(stdout))
    return Told(
        pc=_address(_of(found.get("crash"), "pc")),
        registers=_registers(found.get("registers")),
        code=_mapping(found.get("mapping code")),
        memory=_mapping(found.get("mapping memory")) or "",
        page=_page(found.get("page")),
    )


def _entries(stdout: bytes) -> list[tuple[str, object]]:
    entries = []
    for line in stdout.split(b"\n"):
        if not line.startswith(_PREFIXES):
            continue
        try:
            ((key, value),) = json.loads(line).items()
        except (ValueError, AttributeError, RecursionError):
            continue
        entries.append((f"mapping {_of(value, 'of')}" if key == "mapping" else key, value))
    return entries


def _of(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _address(value: object) -> int | None:
    return int(value, 16) if isinstance(value, str) and _ADDRESS.fullmatch(value) else None


def _registers(value: object) -> dict[str, int]:
    if not isinstance(value, dict) or len(value) > _MOST_REGISTERS:
        return {}
    read = {name: _address(text) for name, text in value.items() if _REGISTER.fullmatch(name)}
    return {name: number for name, number in read.items() if number is not None}


def _mapping(value: object) -> str:
    text = _of(value, "line")
    if not isinstance(text, str):
        return ""
    return printable(text)[:_LONGEST] or NOTHING_MAPPED


def _page(value: object) -> dict[str, int]:
    found = {key: _of(value, key) for key in _PAGE_KEYS}
    return {
        key: number
        for key, number in found.items()
        if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 1 << 50
    }
