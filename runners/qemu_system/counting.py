"""What the numbers of a guest's perf are worth, said of each.

Its kernel, its page tables and its perf are real. Its processor is QEMU's: instructions are counted one by
one, and nothing else about it is like hardware.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pagewalk.metrics import (
    BRANCH_MISSES,
    CYCLES,
    DTLB_MISSES,
    INSTRUCTIONS,
    ITLB_MISSES,
    L1D_MISSES,
    L2_MISSES,
    LLC_MISSES,
    PAGE_FAULTS,
    STLB_MISSES,
    TASK_CLOCK,
    TIME,
    WALK_CYCLES,
    WALK_LOADS,
)
from pagewalk.model import Missing, Origin, Precision, Provenance, Run, Sample

_CLOCK = "emulated: its clock goes by a nanosecond an instruction, which is no performance"
_OWN_TLB = (
    "QEMU's own TLB: direct-mapped, blind to huge pages, another in each version; where its PMU counts it, "
    "the number is the fact {fact}"
)
_NO_MODEL = "QEMU models no such thing; the runners qemu-arm64 and qemu-riscv64 simulate it"

OWN_TLB = {DTLB_MISSES.name: "qemu_dtlb_misses", ITLB_MISSES.name: "qemu_itlb_misses"}
"""Metrics that a guest's PMU has numbers for which mean something else, by the fact that keeps the number."""

LEFT_OUT: Mapping[str, str] = {
    TIME.name: _CLOCK,
    TASK_CLOCK.name: _CLOCK,
    CYCLES.name: _CLOCK,
    **{metric: _OWN_TLB.format(fact=fact) for metric, fact in OWN_TLB.items()},
    **{
        metric.name: _NO_MODEL
        for metric in (STLB_MISSES, WALK_LOADS, WALK_CYCLES, L1D_MISSES, L2_MISSES, LLC_MISSES, BRANCH_MISSES)
    },
}
"""Metrics that must not be compared, and why."""

COUNTED = (INSTRUCTIONS.name, *OWN_TLB)
"""Hardware metrics that the guest's perf is asked for."""

_INSTRUCTIONS = ("instructions", "r0008")  # r0008: INST_RETIRED, Arm Architecture Reference Manual, D11.12
_REPEATING = (INSTRUCTIONS.name, PAGE_FAULTS.name)
DIGITS = 4
"""Digits of instructions that repeat: each interrupt in a region counts for an instruction or two more, and
when they come depends on when the execution was asked for. Seen: 70 of a million, 8 of 58 million."""

_WITH_KERNEL = ", with the kernel's: this QEMU does not tell them apart"


def user_only(events: Sequence[str]) -> tuple[str, ...]:
    """Return what perf is asked for, with the instructions of the workload alone.

    The kernel's depend on when its clock ticked, and so on when the execution was asked for.
    """
    return tuple(f"{event}:u" if event in _INSTRUCTIONS else event for event in events)


def offer(
    metric: str, value: Provenance | Missing, *, threads: bool = False, told_apart: bool = True
) -> Provenance | Missing:
    """Return how a metric is obtained in a guest, from how its perf says that it is.

    Args:
        threads: whether the workload has threads, whose turns depend on when it was asked for.
        told_apart: whether the PMU counts the workload's instructions without the kernel's.
    """
    if reason := LEFT_OUT.get(metric):
        return Missing(metric, reason)
    if isinstance(value, Missing):
        return value
    repeats = metric in _REPEATING and not threads and (told_apart or metric == PAGE_FAULTS.name)
    origin = Origin.SIMULATED if metric == INSTRUCTIONS.name else value.origin
    source = f"{value.source} in the guest"
    if metric == INSTRUCTIONS.name and not told_apart:
        source += _WITH_KERNEL
    elif repeats and metric == INSTRUCTIONS.name:
        source += f", to {DIGITS} digits"
    return Provenance(origin, Precision.EXACT if repeats else Precision.SAMPLED, source, value.share)


def judged(run: Run, *, threads: bool, told_apart: bool) -> Run:
    """Return a run with each of its samples relabelled; what must not be compared becomes a fact."""
    samples: list[Sample] = []
    missing = {value.metric: value for value in run.missing}
    facts = dict(run.facts)
    for sample in run.samples:
        value = offer(sample.metric, sample.provenance, threads=threads, told_apart=told_apart)
        if isinstance(value, Missing):
            missing[sample.metric] = value
            if fact := OWN_TLB.get(sample.metric):
                facts[fact] = f"{sample.value:.6g}"
        else:
            samples.append(Sample(sample.metric, _resolved(sample, value), value))
    return replace(run, samples=tuple(samples), missing=tuple(_reasons(missing.values())), facts=facts)


def _resolved(sample: Sample, provenance: Provenance) -> float:
    """Return a value without the digits that do not repeat, where the others are promised to."""
    if sample.metric == INSTRUCTIONS.name and provenance.precision is Precision.EXACT:
        return float(f"{sample.value:.{DIGITS}g}")
    return sample.value


def _reasons(found: Iterable[Missing]) -> Iterable[Missing]:
    """Replace reasons that speak of a board that could be mended."""
    for value in found:
        yield replace(value, reason=LEFT_OUT.get(value.metric, value.reason))
