"""Where exactly a step is, once both of its levels are known."""

from itertools import pairwise

import numpy as np

from pagewalk.analysis.changepoints.confirmation import Segment
from pagewalk.analysis.changepoints.method import Series

REACH = 15
"""How far a step is moved at most."""

MARGIN = 3
"""Values left on either side of a moved step."""

FREEDOM = 3.0
"""Degrees of freedom of Student's t: the tails that histories of benchmarks show."""


def _misfit(series: Series, level: float, noise: float) -> Series:
    return np.log1p(((series - level) / noise) ** 2 / FREEDOM)


def _place(series: Series, start: int, step: int, stop: int, noise: float) -> int:
    low, high = max(start + MARGIN, step - REACH), min(stop - MARGIN, step + REACH)
    if low >= high:
        return step
    here = series[start:stop]
    before, after = float(np.median(series[start:step])), float(np.median(series[step:stop]))
    gain = np.cumsum(_misfit(here, before, noise) - _misfit(here, after, noise))
    return low + int(np.argmin(gain[low - start - 1 : high - start]))


def place(series: Series, segments: list[Segment], noise: float) -> list[int]:
    """Return where every segment but the first begins, steps between levels placed by likelihood.

    Least squares on clipped values finds that there is a step; Student's t on the values as they
    are says where, without being drawn to outliers. Ends of trends stay where they are.
    """
    starts: list[int] = []
    for left, right in pairwise(segments):
        if left.sloped or right.sloped:
            starts.append(right.start)
            continue
        start = starts[-1] if starts else left.start
        starts.append(_place(series, start, right.start, right.stop, noise))
    return starts
