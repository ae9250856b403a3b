"""Running medians of eleven values, of many series at once.

Windows share their parts. Each pair of neighbours is sorted once and serves every window that holds it, and
so do fours and eights; a window of eleven is an eight and a three. Ascending lists are merged by rank: the
k-th smallest of two is the least, over all i + j = k, of the larger one of the i-th and the j-th.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

import numpy as np

from pagewalk.analysis.null_distribution import Floats

WINDOW = 11
Ascending = Sequence[Floats]
"""The ranks of all windows of one size, the smallest first; each (windows, series)."""


def running_medians(values: Floats) -> Floats:
    """Return the median of every eleven neighbours.

    Args:
        values: finite (series, n).

    Returns:
        Of the first eleven first (series, n − 10).
    """
    columns = np.ascontiguousarray(values.T)
    windows = max(0, len(columns) - WINDOW + 1)
    twos = _merged([columns], [columns[1:]], (1, 2))
    fours = _merged(twos, _later(twos, 2), (1, 2, 3, 4))
    # Of eight of eleven, none but the four in the middle can be the sixth of all
    eights = _merged(fours, _later(fours, 4), (3, 4, 5, 6))
    threes = _merged([columns[8:]], _later(twos, 9), (1, 2, 3))
    middle = [rank[:windows] for rank in eights]
    candidates = [middle[3], *map(np.maximum, reversed(middle[:3]), [rank[:windows] for rank in threes])]
    return reduce(np.minimum, candidates).T


def _later(ranks: Ascending, steps: int) -> Ascending:
    """Return the ranks of windows that begin so many steps later."""
    return [rank[steps:] for rank in ranks]


def _merged(one: Ascending, other: Ascending, ranks: Iterable[int]) -> Ascending:
    """Return some ranks, counted from 1, of windows and others together; of as many as both have."""
    count = min(len(one[0]), len(other[0]))
    a, b = ([rank[:count] for rank in side] for side in (one, other))
    return [reduce(np.minimum, _larger(a, b, rank)) for rank in ranks]


def _larger(a: Ascending, b: Ascending, rank: int) -> Iterator[Floats]:
    """Yield the larger one of the i-th and the j-th for all i + j = rank."""
    for i in range(max(0, rank - len(b)), min(len(a), rank) + 1):
        j = rank - i
        yield np.maximum(a[i - 1], b[j - 1]) if i and j else a[i - 1] if i else b[j - 1]
