"""The smallest change in base units that can matter, whatever its ratio.

A counter at zero makes every ratio infinite: 0.000 against 0.001 misses per operation is no
disaster. The floor is where the dearest event of its kind costs as much as the 2 % threshold of
the shortest operation there is. A malloc and free on the fast path takes about 20 cycles, 2 % of
it is 0.4 cycles. A miss costs at most about 200 cycles (a page walk or a line from DRAM; Drepper,
"What Every Programmer Should Know About Memory", 2007, §3.3), so 0.4 / 200 = 0.002 misses. A
mispredicted branch costs about 20 cycles (Fog, "The microarchitecture of Intel, AMD and VIA CPUs",
branch prediction): 0.4 / 20 = 0.02; cycles of page walks are cycles. A page
fault, an alignment fault or a context switch costs at least 1,000 cycles and is nearer 2,000
(McVoy and Staelin, lmbench, USENIX 1996): 0.4 / 2,000 = 0.0002. Resident memory moves in pages,
and start-up places a few of them differently: four pages of 4 KiB.
"""

from collections.abc import Mapping

from pagewalk.metrics import (
    ALIGNMENT_FAULTS,
    BRANCH_MISSES,
    CONTEXT_SWITCHES,
    DTLB_MISSES,
    ITLB_MISSES,
    L1D_MISSES,
    L2_MISSES,
    LLC_MISSES,
    PAGE_FAULTS,
    PEAK_RSS,
    STLB_MISSES,
    WALK_CYCLES,
    WALK_LOADS,
)

_CYCLES = 0.4
_MISSES = 0.002
_MISPREDICTIONS = 0.02
_KERNEL_ENTRIES = 0.0002

ABSOLUTE: Mapping[str, float] = {
    DTLB_MISSES.name: _MISSES,
    STLB_MISSES.name: _MISSES,
    WALK_LOADS.name: _MISSES,
    L1D_MISSES.name: _MISSES,
    L2_MISSES.name: _MISSES,
    LLC_MISSES.name: _MISSES,
    ITLB_MISSES.name: _MISSES,
    BRANCH_MISSES.name: _MISPREDICTIONS,
    WALK_CYCLES.name: _CYCLES,
    PAGE_FAULTS.name: _KERNEL_ENTRIES,
    ALIGNMENT_FAULTS.name: _KERNEL_ENTRIES,
    CONTEXT_SWITCHES.name: _KERNEL_ENTRIES,
    PEAK_RSS.name: 4 * 4096.0,
}
"""Change in the metric's base unit that is never told; 0 for a metric that is not named here."""


def absolute_floor(metric: str, overrides: Mapping[str, float]) -> float:
    """Return the floor of a metric in its base unit, `overrides` first."""
    return overrides.get(metric, ABSOLUTE.get(metric, 0.0))
