"""The cheapest cut of a series into levels and straight lines."""

from functools import lru_cache

import numpy as np

from pagewalk.analysis.changepoints.fit import Index, Prices, Sums
from pagewalk.analysis.changepoints.method import Series

SHORTEST = 2
"""Values in a segment; a single one cannot be told from an outlier."""

CUTS = 160
"""Places considered for a cut: all of a short series, evenly spread ones of a longer."""

RECENT = 16
"""Last values before any of which a cut is considered, however long the series."""


def places(count: int) -> Index:
    """Return where cuts are considered in a series of `count` values; first 0, last `count`."""
    step = -(-count // CUTS)
    recent = np.arange(max(0, count - RECENT), count + 1)
    return np.union1d(np.arange(0, count, step), recent)


def prices_between(sums: Sums, prices: Prices, at: Index) -> Series:
    """Return the price of every stretch between two places: row its stop, column its start."""
    rows, columns = _pairs(at.size)
    start, stop = at[columns], at[rows]
    price = np.full((at.size, at.size), np.inf)
    price[rows, columns] = np.where(stop - start >= SHORTEST, prices.cost(sums, start, stop), np.inf)
    return price


@lru_cache(maxsize=4)
def _pairs(count: int) -> tuple[Index, Index]:
    """Return rows and columns below the diagonal of a square; most series have equally many places."""
    return np.tril_indices(count, -1)


def cheapest(price: Series) -> list[int]:
    """Return the rows at which the cheapest chain of stretches is cut, without the ends.

    Source: optimal partitioning (Jackson et al. 2005), one vector operation a row.
    """
    count = len(price)
    best = np.full(count, np.inf)
    best[0] = 0.0
    previous = np.zeros(count, dtype=np.intp)
    for stop in range(1, count):
        total = best[:stop] + price[stop, :stop]
        previous[stop] = total.argmin()
        best[stop] = total[previous[stop]]
    cuts = []
    at = int(previous[-1])
    while at > 0:
        cuts.append(at)
        at = int(previous[at])
    return cuts[::-1]


def settle(sums: Sums, prices: Prices, cuts: list[int], reach: int) -> list[int]:
    """Move every cut to the best place within `reach` of it, its neighbours staying."""
    edges = [0, *cuts, sums.values.size - 1]
    for i in range(1, len(edges) - 1):
        before, after = edges[i - 1], edges[i + 1]
        low, high = max(before + SHORTEST, edges[i] - reach), min(after - SHORTEST, edges[i] + reach)
        if low > high:
            continue
        at = np.arange(low, high + 1)
        both = prices.cost(sums, np.array(before), at) + prices.cost(sums, at, np.array(after))
        edges[i] = low + int(both.argmin())
    return edges[1:-1]


def partition(sums: Sums, prices: Prices) -> list[int]:
    """Return where the segments of the cheapest partition begin, without 0."""
    count = sums.values.size - 1
    if count < 2 * SHORTEST:
        return []
    at = places(count)
    cuts = [int(at[row]) for row in cheapest(prices_between(sums, prices, at))]
    step = -(-count // CUTS)
    return settle(sums, prices, cuts, step) if step > 1 else cuts
