"""Every metric pagewalk knows, with its unit. Names are stable: they are part of benchmark names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """What is measured.

    Args:
        name: the stable name; asv's benchmark is `track_<name>`.
        unit: the base unit, as asv prints it.
        title: what a table heads its column with.
        meaning: one sentence for a person who sees it for the first time.

    Less is better for every one of them.
    """

    name: str
    unit: str
    title: str
    meaning: str


TIME = Metric("time", "seconds", "time", "Wall clock per operation; never from an emulator.")
TASK_CLOCK = Metric("task_clock", "seconds", "cpu time", "Processor time per operation, all threads.")
INSTRUCTIONS = Metric("instructions", "instructions/op", "instructions", "Instructions per operation.")
CYCLES = Metric("cycles", "cycles/op", "cycles", "Processor cycles per operation, at whatever frequency.")
BRANCH_MISSES = Metric("branch_misses", "misses/op", "branch misses", "Mispredicted branches per operation.")
DTLB_MISSES = Metric(
    "dtlb_misses", "misses/op", "L1 dTLB misses", "First-level data TLB misses per operation."
)
STLB_MISSES = Metric(
    "stlb_misses", "misses/op", "L2 TLB misses", "Second-level TLB misses (page walks) per operation."
)
WALK_LOADS = Metric(
    "walk_loads", "loads/op", "walk loads", "Page-table entries read by page walks for data, per operation."
)
WALK_CYCLES = Metric(
    "walk_cycles",
    "cycles/op",
    "walk cycles",
    "Cycles per operation with a page walk for data under way.",
)
ITLB_MISSES = Metric(
    "itlb_misses", "misses/op", "L1 iTLB misses", "First-level instruction TLB misses per operation."
)
L1D_MISSES = Metric("l1d_misses", "misses/op", "L1D misses", "First-level data cache misses per operation.")
L2_MISSES = Metric(
    "l2_misses", "misses/op", "L2 misses", "Second-level cache misses of data accesses per operation."
)
LLC_MISSES = Metric("llc_misses", "misses/op", "LLC misses", "Last-level cache misses per operation.")
PAGE_FAULTS = Metric(
    "page_faults", "faults/op", "page faults", "Page faults the kernel served per operation."
)
ALIGNMENT_FAULTS = Metric(
    "alignment_faults",
    "faults/op",
    "alignment faults",
    "Misaligned accesses the kernel mended, per operation.",
)
CONTEXT_SWITCHES = Metric(
    "context_switches", "switches/op", "ctx switches", "Context switches per operation."
)
PEAK_RSS = Metric("peak_rss", "bytes", "peak RSS", "Largest resident set of the process.")
OVERHEAD = Metric(
    "overhead", "bytes/byte", "overhead", "Resident memory per byte asked for, while all of it is alive."
)
SETTLED_RSS = Metric(
    "settled_rss", "bytes", "settled RSS", "Resident memory that stays when everything has been freed."
)

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        TIME,
        TASK_CLOCK,
        CYCLES,
        INSTRUCTIONS,
        DTLB_MISSES,
        STLB_MISSES,
        WALK_LOADS,
        WALK_CYCLES,
        ITLB_MISSES,
        L1D_MISSES,
        L2_MISSES,
        LLC_MISSES,
        BRANCH_MISSES,
        PAGE_FAULTS,
        ALIGNMENT_FAULTS,
        CONTEXT_SWITCHES,
        PEAK_RSS,
        OVERHEAD,
        SETTLED_RSS,
    )
}
