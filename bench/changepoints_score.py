"""How well change points agree with those of several people.

Source: van den Burg & Williams 2020, An evaluation of change point detection algorithms,
section 4; index 0 is a change on which all agree, so that both are defined without any.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

MARGIN = 5
"""How far off a change may be and still be the one that was meant."""


def hits(truth: Iterable[int], found: Iterable[int], margin: int = MARGIN) -> int:
    """Count the true changes that have a found one of their own within `margin`, nearest first."""
    left = set(found)
    count = 0
    for change in sorted(truth):
        near = min(left, key=lambda at: (abs(at - change), at), default=None)
        if near is not None and abs(near - change) <= margin:
            left.remove(near)
            count += 1
    return count


def f1(annotations: Sequence[Collection[int]], found: Collection[int], margin: int = MARGIN) -> float:
    """Return the harmonic mean of precision against all annotators together and mean recall of each."""
    everyone = [{0, *changes} for changes in annotations]
    answer = {0, *found}
    precision = hits(set().union(*everyone), answer, margin) / len(answer)
    recall = sum(hits(changes, answer, margin) / len(changes) for changes in everyone) / len(everyone)
    return 2 * precision * recall / (precision + recall)


def covering(annotations: Sequence[Collection[int]], found: Collection[int], count: int) -> float:
    """Return the share of each annotator's segments that the best found segment covers, averaged.

    Args:
        count: values in the series.
    """
    answer = _segments(found, count)
    total = 0.0
    for changes in annotations:
        for start, stop in _segments(changes, count):
            best = max(_overlap((start, stop), other) for other in answer)
            total += (stop - start) * best / count
    return total / len(annotations)


def _segments(changes: Collection[int], count: int) -> list[tuple[int, int]]:
    return list(pairwise([0, *sorted(set(changes) - {0}), count]))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the Jaccard index of two stretches."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, common) / (max(one[1], other[1]) - min(one[0], other[0]))
