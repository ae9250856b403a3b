"""The cheapest cut of a series into levels and straight lines."""

from functools import lru_cache

import numpy as np

from pagewalk.analysis.changepoints.fit import Index, Prices, Stretches, Sums
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


@lru_cache(maxsize=4)
def _stretches(count: int) -> tuple[Index, Stretches]:
    """Return the places of a series of `count` values, and all stretches between two of them.

    Those that end at the same place lie together. Most series of a history are equally long.
    """
    at = places(count)
    stops, starts = np.tril_indices(at.size, -1)
    return at, Stretches.between(at[starts], at[stops])


def cheapest(price: Series, count: int) -> list[int]:
    """Return which of `count` places cut the cheapest chain of stretches, without the ends.

    Args:
        price: of every stretch, in the order of `_stretches`.

    Source: optimal partitioning (Jackson et al. 2005), one vector operation a place.
    """
    best = np.full(count, np.inf)
    best[0] = 0.0
    previous = [0] * count
    first = 0
    for stop in range(1, count):
        total = best[:stop] + price[first : first + stop]
        first += stop
        previous[stop] = start = int(total.argmin())
        best[stop] = total[start]
    cuts = []
    at = previous[-1]
    while at > 0:
        cuts.append(at)
        at = previous[at]
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
        left, right = Stretches.between(np.array(before), at), Stretches.between(at, np.array(after))
        both = prices.cost(sums, left) + prices.cost(sums, right)
        edges[i] = low + int(both.argmin())
    return edges[1:-1]


def partition(sums: Sums, prices: Prices) -> list[int]:
    """Return where the segments of the cheapest partition begin, without 0."""
    count = sums.values.size - 1
    if count < 2 * SHORTEST:
        return []
    at, stretches = _stretches(count)
    price = np.where(stretches.length >= SHORTEST, prices.cost(sums, stretches), np.inf)
    cuts = [int(at[place]) for place in cheapest(price, at.size)]
    step = -(-count // CUTS)
    return settle(sums, prices, cuts, step) if step > 1 else cuts
