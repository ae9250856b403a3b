"""Running medians of eleven values, of many series at once.

Windows share their parts. Each pair of neighbours is sorted once and serves every window that holds it, and
so do fours and eights; a window of eleven is an eight and a three. Ascending lists are merged by the network
of K. E. Batcher, "Sorting networks and their applications", AFIPS 32, 1968, without the comparators that
nothing rests on.
"""

from collections.abc import Iterable, Sequence
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
    twos = _sorted(columns[:-1], columns[1:])
    fours = _fours(_early(twos, 2), _later(twos, 2))
    eights = _middle_of_eights(_early(fours, 4), _later(fours, 4))
    threes = _threes(columns[8:], _later(twos, 9))
    # The sixth of all is the least, over all i + j = 6, of the larger one of the i-th and the j-th
    third, fourth, fifth, sixth = (rank[:windows] for rank in eights)
    larger = map(np.maximum, (fifth, fourth, third), [rank[:windows] for rank in threes])
    return _least((sixth, *larger)).T


def _early(ranks: Ascending, steps: int) -> Ascending:
    """Return the ranks of windows that some begin so many steps after."""
    return [rank[: len(rank) - steps] for rank in ranks]


def _later(ranks: Ascending, steps: int) -> Ascending:
    """Return the ranks of windows that begin so many steps later."""
    return [rank[steps:] for rank in ranks]


def _sorted(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    return np.minimum(one, other), np.maximum(one, other)


def _least(several: Iterable[Floats]) -> Floats:
    return reduce(np.minimum, several)


def _threes(one: Floats, two: Ascending) -> Ascending:
    """Return the ranks of windows of one and of two together."""
    count = len(two[0])
    least, rest = _sorted(one[:count], two[0])
    return [least, *_sorted(rest, two[1])]


def _fours(a: Ascending, b: Ascending) -> Ascending:
    """Return the ranks of two windows of two together."""
    least, low = _sorted(a[0], b[0])
    high, most = _sorted(a[1], b[1])
    return [least, *_sorted(low, high), most]


def _middle_of_eights(a: Ascending, b: Ascending) -> Ascending:
    """Return the four middle ranks of two windows of four: of eight of eleven, no other can be the sixth."""
    # The first and third of both, but the least; the second and fourth, but the largest
    odd, even = np.maximum(a[0], b[0]), np.minimum(a[3], b[3])
    low, last = _sorted(a[2], b[2])
    first, high = _sorted(a[1], b[1])
    second, third = _sorted(odd, low)
    fourth, fifth = _sorted(high, even)
    return [np.maximum(first, second), *_sorted(fourth, third), np.minimum(fifth, last)]
