"""Levels that were left again for the one before: something happened, but nothing changed for good."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pagewalk.analysis.changepoints.confirmation import Segment
from pagewalk.analysis.changepoints.medians import median
from pagewalk.analysis.changepoints.method import Series
from pagewalk.analysis.changepoints.movement import furthest, rise
from pagewalk.analysis.changepoints.scan import scan

LONGEST = 25
SHARE = 8
"""An excursion lasts for fewer than LONGEST values, and for less than 1 / SHARE of the series."""

BACK = 0.5
"""Levels before and after are the same if they differ by less than this part of the way there or back."""

CLEARLY = 1.5
"""A level at the beginning exceeds what the series reaches elsewhere for as long by this factor."""

NEARBY = 20
"""Values on either side whose median is compared; a line has moved further away."""


def _goes_back(series: Series, before: Segment, between: Segment, after: Segment) -> bool:
    left = median(series[max(before.start, before.stop - NEARBY) : before.stop])
    level = median(series[between.start : between.stop])
    right = median(series[after.start : min(after.stop, after.start + NEARBY)])
    # a line may be as far above the levels at one end as it is below at the other
    away = max(min(abs(level - left), abs(level - right)), rise(series, between) / 2)
    return abs(left - right) < BACK * away


def _stands_out(series: Series, first: Segment, second: Segment) -> bool:
    """Tell whether the first level is clearly further away than the second ever gets for as long."""
    here, level = (median(series[one.start : one.stop]) for one in (first, second))
    reached = furthest(series, second, first.stop - first.start)
    return second.sloped or bool(abs(here - level) > CLEARLY * reached)


def _shortest(series: Series, segments: list[Segment]) -> int | None:
    """Return the index of the shortest excursion; the last segment never is one, it is news."""
    longest = min(LONGEST, series.size / SHARE)
    found = []
    for i, segment in enumerate(segments[:-1]):
        length = segment.stop - segment.start
        if i == 0:
            # half as long, since nobody knows what was before the series
            excursion = length < longest / 2 or (length < longest and not _stands_out(series, *segments[:2]))
        else:
            excursion = length < longest and _goes_back(series, segments[i - 1], segment, segments[i + 1])
        if excursion:
            found.append((length, i))
    return min(found)[1] if found else None


def ignore_excursions(series: Series, segments: list[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Return `segments` with every excursion joined to its surroundings, and those excursions.

    In histories of benchmarks they are days on which the machine was slow, or a commit and its
    revert. While an excursion lasts it is the last segment, and is reported.
    """
    kept, ignored = list(segments), []
    while (at := _shortest(series, kept)) is not None:
        ignored.append(kept[at])
        first, last = max(at - 1, 0), at + 1
        sloped = kept[first].sloped and kept[last].sloped if at else kept[last].sloped
        kept[first : last + 1] = [Segment(kept[first].start, kept[last].stop, sloped)]
    return kept, ignored


def lasting(series: Series, segments: list[Segment]) -> list[Segment]:
    """Return `segments` without excursions, each scanned again for steps once it is whole.

    An excursion splits the level around it, and either part alone may be too short to show a step.
    """
    kept, ignored = ignore_excursions(series, segments)
    inside = np.ones(series.size, dtype=np.bool_)
    while ignored:
        for one in ignored:
            inside[one.start : one.stop] = False
        parts = [part for segment in kept for part in _scan_inside(series, segment, inside)]
        kept, ignored = ignore_excursions(series, parts)
    return kept


def _scan_inside(series: Series, segment: Segment, inside: npt.NDArray[np.bool_]) -> list[Segment]:
    """Return what `scan` makes of the values of a level that no excursion has."""
    at = segment.start + np.flatnonzero(inside[segment.start : segment.stop])
    if segment.sloped or at.size == segment.stop - segment.start:
        return [segment]
    parts = scan(series[at], Segment(0, at.size, sloped=False))
    edges = [segment.start, *(int(at[part.start]) for part in parts[1:]), segment.stop]
    return [Segment(start, stop, sloped=False) for start, stop in pairwise(edges)]
