"""Which metric to bisect where nobody named one: the one that changed most surely between the ends."""

from collections.abc import Sequence

import numpy as np

from pagewalk.analysis.bisection.sampled import spread
from pagewalk.bisecting.command import VALUE
from pagewalk.bisecting.probe import Execution
from pagewalk.errors import Unavailable

ENOUGH = 5
"""Executions of each end that are compared."""
SURE = 3.0
"""Deviations apart that a change must be at the least."""


def choose(good: Sequence[Execution], bad: Sequence[Execution]) -> str:
    """Return the name of a metric; any will do where only the ends crash differently.

    Raises:
        Unavailable: nothing changed, so there is nothing to bisect.
    """
    share = [sum(e.crashed for e in end) / max(1, len(end)) for end in (good, bad)]
    if share[1] >= share[0] + 0.5:
        return VALUE
    common = [set(e.values) for e in (*good, *bad) if e.values]
    changes = {metric: _surely(metric, good, bad) for metric in set.intersection(*common)} if common else {}
    best = max(changes, key=lambda metric: (changes[metric], metric), default="")
    if not best or changes[best] < SURE:
        raise Unavailable(
            "No metric differs between good and bad, and both end alike.",
            "Name one with --metric to look closer, or compare the two with `pagewalk compare`.",
        )
    return best


def _surely(metric: str, good: Sequence[Execution], bad: Sequence[Execution]) -> float:
    ends = [np.array([e.values[metric] for e in end if metric in e.values]) for end in (good, bad)]
    if not all(end.size for end in ends):
        return 0.0
    gap = abs(float(np.median(ends[1]) - np.median(ends[0])))
    return gap / spread(ends) if gap else 0.0
