"""Levels that were left again for the one before: something happened, but nothing changed for good."""

import numpy as np

from pagewalk.analysis.changepoints.confirmation import Segment
from pagewalk.analysis.changepoints.method import Series

LONGEST = 25
SHARE = 8
"""An excursion lasts for fewer than LONGEST values, and for less than 1 / SHARE of the series."""

BACK = 0.5
"""Levels before and after are the same if they differ by less than this part of the way there or back."""

NEARBY = 20
"""Values on either side whose median is compared; a line has moved further away."""


def _goes_back(series: Series, before: Segment, between: Segment, after: Segment) -> bool:
    left = float(np.median(series[max(before.start, before.stop - NEARBY) : before.stop]))
    level = float(np.median(series[between.start : between.stop]))
    right = float(np.median(series[after.start : min(after.stop, after.start + NEARBY)]))
    return abs(left - right) < BACK * min(abs(level - left), abs(level - right))


def _shortest(series: Series, segments: list[Segment]) -> int | None:
    """Return the index of the shortest excursion; the last segment never is one, it is news."""
    longest = min(LONGEST, series.size / SHARE)
    found = []
    for i, segment in enumerate(segments[:-1]):
        length = segment.stop - segment.start
        if i == 0:
            # half as long, since nobody knows what was before the series
            excursion = length < longest / 2
        else:
            excursion = length < longest and _goes_back(series, segments[i - 1], segment, segments[i + 1])
        if excursion:
            found.append((length, i))
    return min(found)[1] if found else None


def ignore_excursions(series: Series, segments: list[Segment]) -> list[Segment]:
    """Return `segments` with every excursion joined to its surroundings, the shortest first.

    In histories of benchmarks they are days on which the machine was slow, or a commit and its
    revert. While an excursion lasts it is the last segment, and is reported.
    """
    kept = list(segments)
    while (at := _shortest(series, kept)) is not None:
        first, last = max(at - 1, 0), at + 1
        sloped = kept[first].sloped and kept[last].sloped if at else kept[last].sloped
        kept[first : last + 1] = [Segment(kept[first].start, kept[last].stop, sloped)]
    return kept
