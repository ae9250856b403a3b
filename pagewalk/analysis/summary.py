"""A comparison in a handful of numbers."""

from collections import Counter
from collections.abc import Mapping

from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.verdict import Verdict

SEVERITY = (
    Verdict.BROKEN,
    Verdict.REGRESSED,
    Verdict.UNSURE,
    Verdict.SAME,
    Verdict.IMPROVED,
    Verdict.FIXED,
)
"""From what must stop a merge to what must not."""


def summary(comparison: Comparison) -> dict[str, dict[Verdict | None, int]]:
    """Return how many rows have which verdict, by machine name; every machine has an entry.

    Outcomes and metrics are counted together, but a case that ended alike on both sides adds
    nothing of its own: its metrics speak for it. The key None counts rows with nothing to compare.
    """
    counts: dict[str, Counter[Verdict | None]] = {machine.name: Counter() for machine in comparison.machines}
    for outcome in comparison.outcomes:
        if outcome.verdict is not Verdict.SAME:
            counts[outcome.machine][outcome.verdict] += 1
    for metric in comparison.metrics:
        counts[metric.machine][metric.verdict] += 1
    return {machine: dict(counted) for machine, counted in counts.items()}


def total(by_machine: Mapping[str, Mapping[Verdict | None, int]]) -> dict[Verdict | None, int]:
    """Return the counts of `summary` over all machines, the most severe first and None last."""
    counted: Counter[Verdict | None] = Counter()
    for counts in by_machine.values():
        counted.update(counts)
    order: tuple[Verdict | None, ...] = (*SEVERITY, None)
    return {verdict: counted[verdict] for verdict in order if counted[verdict]}


def worst(comparison: Comparison) -> Verdict:
    """Return the most severe verdict, for an exit status.

    Where nothing at all could be compared it is `unsure`: no news is not good news.
    """
    found = total(summary(comparison))
    # A subject that is only asked whether it crashes has no metrics to speak for it.
    alike = not comparison.metrics and any(row.verdict is Verdict.SAME for row in comparison.outcomes)
    return next((v for v in SEVERITY if v in found), Verdict.SAME if alike else Verdict.UNSURE)
