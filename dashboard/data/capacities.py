"""What a TLB or cache holds, as a simulated counter's provenance says, in the unit of a parameter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pagewalk.model import Provenance

PAGE_BYTES = 4096
"""Of every page that the model's TLBs hold."""
LINE_BYTES = 64
"""Of a cache line: what every core that is modelled has."""

# As runners write it: "memsim reference: L1 dTLB 64/4, STLB 1536/12"; "L1D 32 KiB/8, L2 2 MiB/16"
_STRUCTURE = re.compile(r"\b(L1 dTLB|STLB|L1D|L2) (\d{1,9})(?: (KiB|MiB|B))?/\d+")
_SCALE = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20}
# How many bytes one step of a parameter is, by the last word of its name
_STEPS = {
    "bytes": 1,
    "size": 1,
    "kib": 1 << 10,
    "mib": 1 << 20,
    "pages": PAGE_BYTES,
    "lines": LINE_BYTES,
}


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one structure holds.

    Args:
        name: as `L1 dTLB`.
        size: bytes that it covers.
        words: as a person says it, as `64 entries`.
    """

    name: str
    size: int
    words: str


def capacities(provenance: Provenance | None) -> Iterator[Capacity]:
    """Yield the structures that a simulated counter was counted with; nothing for any other."""
    for name, number, unit in _STRUCTURE.findall(provenance.source if provenance else ""):
        if unit:
            yield Capacity(name, int(number) * _SCALE[unit], f"{number} {unit}")
        elif name.endswith("TLB"):
            yield Capacity(name, int(number) * PAGE_BYTES, f"{number} entries")


def step_of(parameter: str) -> int | None:
    """Return how many bytes one step of a parameter is; None for one that is no amount of memory."""
    return _STEPS.get(re.split(r"[_. ]", parameter.casefold())[-1])
