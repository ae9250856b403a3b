"""Did anything change? Two-sided tests that assume no distribution.

Exact while counting every arrangement is cheap, a normal approximation corrected for ties beyond.
"""

import math

import numpy as np

from pagewalk.analysis.normal import upper_tail
from pagewalk.analysis.null_distribution import Floats, midranks, rank_sum, signed_sum, two_sided, whole_ranks

# Untied samples of one size share one cached distribution; each pattern of ties needs its own.
_EXACT_UNTIED = 100
_EXACT_TIED = 24


def mann_whitney(base: Floats, head: Floats) -> float:
    """Return the p-value of the Mann–Whitney test of `base` (n,) against `head` (m,).

    Source: Mann and Whitney, Annals of Mathematical Statistics 18 (1947); tie correction
    after Lehmann, Nonparametrics (1975), §1.4.
    """
    pooled = np.concatenate([base, head])
    ranks = whole_ranks(pooled)
    ordered = tuple(sorted(ranks))
    if pooled.size <= (_EXACT_UNTIED if _untied(ordered) else _EXACT_TIED):
        return two_sided(rank_sum(ordered, base.size), sum(ranks[: base.size]))
    return _mann_whitney_normal(base.size, head.size, midranks(pooled))


def _untied(ordered: tuple[int, ...]) -> bool:
    return len(set(ordered)) == len(ordered)


def _mann_whitney_normal(n: int, m: int, ranks: Floats) -> float:
    total = n + m
    expected = n * (total + 1) / 2
    # The variance of a sum of n midranks drawn without replacement, whatever their ties.
    variance = n * m / total * float(np.var(ranks, ddof=1))
    return _two_sided_normal(float(ranks[:n].sum()) - expected, variance)


def signed_rank(differences: Floats) -> float:
    """Return the p-value of Wilcoxon's signed-rank test of paired `differences` (n,).

    Zeros take part in the ranking and then count for neither side (Pratt, JASA 54, 1959), so
    that many unchanged pairs do not make a few changed ones look sure.
    """
    magnitudes = np.abs(differences)
    moved = magnitudes > 0
    if not moved.any():
        return 1.0
    ranks = np.array(whole_ranks(magnitudes))
    ordered = tuple(np.sort(ranks[moved]).tolist())
    if len(ordered) <= (_EXACT_UNTIED if _untied(ordered) else _EXACT_TIED):
        return two_sided(signed_sum(ordered), int(ranks[differences > 0].sum()))
    return _signed_rank_normal(differences, midranks(magnitudes))


def _signed_rank_normal(differences: Floats, ranks: Floats) -> float:
    kept = ranks[differences != 0]
    positive = float(ranks[differences > 0].sum())
    return _two_sided_normal(positive - float(kept.sum()) / 2, float((kept**2).sum()) / 4)


def _two_sided_normal(distance: float, variance: float) -> float:
    if variance <= 0:
        return 1.0
    # Half a rank of continuity correction, as a rank sum moves in steps.
    return min(1.0, 2 * upper_tail(max(0.0, abs(distance) - 0.5) / math.sqrt(variance)))
