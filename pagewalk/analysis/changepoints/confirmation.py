"""Which segments of a partition survive a test that no outlier can bend."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from pagewalk.analysis.changepoints.method import Series
from pagewalk.analysis.changepoints.ranks import shift_p, trend_p

SCAN = 0.4
"""p-values must be below SCAN / n²: every place and every length has been tried already."""

RECENT = 8
RECENT_P = 0.001
"""A new level of up to RECENT values at the very end has been looked for at a few places only."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Values from `start` up to, not including, `stop`; `sloped` if they follow a line."""

    start: int
    stop: int
    sloped: bool


@dataclass(slots=True)
class _Confirmation:
    series: Series
    slopes: Callable[[int, int], bool]
    shifts: dict[tuple[int, int, int], float]

    def segment(self, start: int, stop: int) -> Segment:
        """A line must pay, and must also be seen in the ranks; one excursion at an end is no trend."""
        sloped = self.slopes(start, stop) and trend_p(self.series[start:stop]) < self._limit()
        return Segment(start, stop, sloped)

    def _limit(self) -> float:
        return SCAN / self.series.size**2

    def doubt(self, left: Segment, right: Segment) -> float:
        """Return the p-value of the step between two segments as a multiple of what it may be."""
        if left.sloped or right.sloped:
            return 0.0
        key = (left.start, left.stop, right.stop)
        if key not in self.shifts:
            before, after = self.series[left.start : left.stop], self.series[right.start : right.stop]
            self.shifts[key] = shift_p(before, after)
        recent = right.stop == self.series.size and right.stop - right.start <= RECENT
        return self.shifts[key] / (RECENT_P if recent else self._limit())


def confirm(series: Series, starts: list[int], slopes: Callable[[int, int], bool]) -> list[Segment]:
    """Join segments, the most doubtful step first, until every step between two levels is sure.

    An excursion that the noise makes by itself (a mode visited for a few values, two outliers
    in a row) goes away: its values rank among many others like them.

    Args:
        series: as measured, outliers and all.
        starts: where segments begin, without 0.
        slopes: tells whether a line pays over [start, stop).
    """
    work = _Confirmation(series, slopes, {})
    edges = [0, *starts, series.size]
    segments = [work.segment(start, stop) for start, stop in pairwise(edges)]
    while len(segments) > 1:
        doubts = [work.doubt(left, right) for left, right in pairwise(segments)]
        worst = max(range(len(doubts)), key=doubts.__getitem__)
        if doubts[worst] <= 1:
            break
        segments[worst : worst + 2] = [work.segment(segments[worst].start, segments[worst + 1].stop)]
    return segments
