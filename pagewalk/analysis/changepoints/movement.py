"""How far a series moves within a segment."""

import numpy as np

from pagewalk.analysis.changepoints.confirmation import Segment
from pagewalk.analysis.changepoints.medians import median
from pagewalk.analysis.changepoints.method import Series


def rise(series: Series, segment: Segment) -> float:
    """Return how far the line of a segment goes from end to end; 0 of a level.

    Source: Tukey 1977, Exploratory Data Analysis, the resistant line: medians of the outer thirds.
    """
    if not segment.sloped:
        return 0.0
    here = series[segment.start : segment.stop]
    third = max(1, here.size // 3)
    between_middles = (here.size - third) / here.size
    return abs(median(here[-third:]) - median(here[:third])) / between_middles


def furthest(series: Series, segment: Segment, length: int) -> float:
    """Return how far the median of `length` values in a row gets from that of a segment, at most."""
    here = series[segment.start : segment.stop]
    windows = np.lib.stride_tricks.sliding_window_view(here, min(length, here.size))
    return float(np.abs(np.median(windows, axis=1) - median(here)).max())
