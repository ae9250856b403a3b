"""What rank statistics do when nothing changed: exact permutation distributions, ties included.

The shift algorithm of Streitberg and Röhmel (Statistical Software Newsletter 12, 1986) counts
every way to choose ranks by dynamic programming. Ties are no special case: midranks are doubled
to whole numbers. `scipy.stats` is exact only without ties, and few samples with ties (page faults,
quantised clocks) are just where a normal approximation errs. Nor is it imported here: that takes
longer than most commands.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def midranks(values: Floats) -> Floats:
    """Return the ranks of `values` (n,) from 1 on; equal values share the mean of theirs."""
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(counts) - (counts - 1) / 2)[where]
    return ranks


def whole_ranks(values: Floats) -> tuple[int, ...]:
    """Return the ranks of `values` (n,) as the smallest whole numbers in the same proportion.

    Without ties these are 1 … n, so that equal sizes share one cached distribution.
    """
    doubled = np.rint(midranks(values) * 2).astype(np.int64)
    return tuple((doubled // max(1, int(np.gcd.reduce(doubled)))).tolist())


@lru_cache(maxsize=512)
def rank_sum(ranks: tuple[int, ...], size: int) -> Floats:
    """Return P(sum = s) for s = 0 … Σ ranks, when `size` of `ranks` are drawn without replacement.

    Args:
        ranks: in ascending order.
    """
    ways = np.zeros((size + 1, sum(ranks) + 1))
    ways[0, 0] = 1.0
    for rank in ranks:
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank]
    chosen: Floats = ways[size] / ways[size].sum()
    return chosen


@lru_cache(maxsize=512)
def signed_sum(ranks: tuple[int, ...]) -> Floats:
    """Return P(sum = s) for s = 0 … Σ ranks, when each of `ranks` counts with probability ½.

    Args:
        ranks: in ascending order.
    """
    ways = np.zeros(sum(ranks) + 1)
    ways[0] = 1.0
    for rank in ranks:
        ways[rank:] += ways[: ways.size - rank]
        ways /= 2
    return ways


def two_sided(probabilities: Floats, observed: int) -> float:
    """Return the two-sided p-value of `observed`: twice its smaller tail, at most 1."""
    lower = float(probabilities[: observed + 1].sum())
    upper = float(probabilities[observed:].sum())
    return min(1.0, 2 * min(lower, upper))


def lower_quantile(probabilities: Floats, tail: float) -> int:
    """Return how many of the lowest values together have a probability of at most `tail`."""
    return int(np.searchsorted(np.cumsum(probabilities), tail * (1 + 1e-9), side="right"))
