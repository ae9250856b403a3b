"""Tests on ranks: what they say holds for any distribution, with any outliers."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr

from pagewalk.analysis.changepoints.method import Series

EXACT_SHORTER = 8
EXACT_LONGER = 300
"""Up to these sizes the exact distribution is used: at three values against a hundred the
normal one cannot go below p = 0.003, where the truth is 0.00001."""


@lru_cache(maxsize=1024)
def _exact(shorter: int, longer: int) -> Series:
    """Return P(U ≤ u) for u = 0 … shorter · longer.

    Source: the generating function of U is a Gaussian binomial coefficient (Mann & Whitney 1947).
    """
    ways = np.zeros(shorter * longer + 1)
    ways[0] = 1.0
    for i in range(1, shorter + 1):
        product = ways.copy()
        product[longer + i :] -= ways[: -(longer + i)]
        for first in range(i):
            product[first::i] = np.cumsum(product[first::i])
        ways = product
    return np.cumsum(ways / ways.sum())


def _approximate(least: float, shorter: int, ranks: Series) -> float:
    count = ranks.size
    longer = count - shorter
    ties = np.diff(_edges(np.sort(ranks)))
    tied = float((ties.astype(np.float64) ** 3 - ties).sum()) / (count * (count - 1))
    variance = shorter * longer / 12 * (count + 1 - tied)
    if variance <= 0:
        return 1.0
    return float(2 * ndtr((least + 0.5 - shorter * longer / 2) / np.sqrt(variance)))


def shift_p(before: Series, after: Series) -> float:
    """Return the two-sided p-value of Mann and Whitney's test that neither side tends to be higher.

    Against a handful of values only the EXACT_LONGER nearest ones of the other side are used.
    """
    if min(before.size, after.size) <= EXACT_SHORTER:
        before, after = before[-EXACT_LONGER:], after[:EXACT_LONGER]
    ranks = midranks(np.concatenate((before, after)))
    shorter = min(before.size, after.size)
    product = before.size * after.size
    wins = float(ranks[: before.size].sum()) - before.size * (before.size + 1) / 2
    least = min(wins, product - wins)
    if shorter <= EXACT_SHORTER:
        return min(1.0, 2 * float(_exact(shorter, product // shorter)[int(least)]))
    return min(1.0, _approximate(least, shorter, ranks))


def midranks(series: Series) -> Series:
    """Return the ranks of the values, from 1; equal values share the mean of theirs.

    What scipy.stats.rankdata does, without the tenth of a millisecond it spends on its arguments:
    an append has five, and ranks some dozens of stretches.
    """
    order = series.argsort()
    edges = _edges(series[order])
    ranks = np.empty(series.size)
    ranks[order] = np.repeat((edges[:-1] + edges[1:] + 1) / 2, np.diff(edges))
    return ranks


def _edges(ordered: Series) -> npt.NDArray[np.intp]:
    """Return where runs of equal values begin, and last where the last one ends."""
    new = np.ones(ordered.size + 1, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:-1])
    return new.nonzero()[0]


def centred_ranks(series: Series) -> Series:
    """Return the ranks of the values around their mean."""
    return midranks(series) - (series.size + 1) / 2


def trend_p(series: Series) -> float:
    """Return the two-sided p-value of Spearman's test that the values do not go with time."""
    count = series.size
    ranks = centred_ranks(series)
    time = np.arange(count) - (count - 1) / 2
    scale = float(np.sqrt((ranks**2).sum() * (time**2).sum()))
    if scale == 0:
        return 1.0
    rho = min(1.0, abs(float((ranks * time).sum())) / scale)
    if rho > 1 - 1e-12:
        return 0.0
    return float(2 * stdtr(count - 2, -rho * np.sqrt((count - 2) / (1 - rho * rho))))
