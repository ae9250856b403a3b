"""Where exactly a step is, once both of its levels are known."""

from itertools import pairwise

import numpy as np

from pagewalk.analysis.changepoints.confirmation import Segment
from pagewalk.analysis.changepoints.density import bandwidth, log_density, tail_misfit
from pagewalk.analysis.changepoints.medians import median
from pagewalk.analysis.changepoints.method import Series

REACH = 15
"""How far a step is moved at most, by each of the two likelihoods."""

MARGIN = 3
"""Values left on either side of a moved step."""

NEARBY = 100
"""Values on either side whose deviations say what the noise is like: an append has little time."""


def _best(low: int, losses: Series) -> int:
    """Return the place, from `low` on, before which the later level loses most.

    Args:
        losses: of each value from `low` on, what it loses at the later level against the earlier.
    """
    return low + int(np.argmax(np.concatenate(([0.0], np.cumsum(losses)))))


def _levels(series: Series, start: int, step: int, stop: int) -> tuple[float, float]:
    return median(series[start:step]), median(series[step:stop])


def _by_tails(series: Series, start: int, step: int, stop: int, noise: float) -> int:
    low, high = max(start + MARGIN, step - REACH), min(stop - MARGIN, step + REACH)
    if low >= high:
        return step
    before, after = _levels(series, start, step, stop)
    here = series[low:high]
    return _best(low, tail_misfit(here - after, noise) - tail_misfit(here - before, noise))


def _by_density(series: Series, start: int, step: int, stop: int, noise: float) -> int:
    low, high = max(start + MARGIN, step - REACH), min(stop - MARGIN, step + REACH)
    if low >= high:
        return step
    before, after = _levels(series, start, step, stop)
    left, right = series[max(start, step - NEARBY) : step], series[step : min(stop, step + NEARBY)]
    seen = np.concatenate((left - before, right - after))
    width = bandwidth(seen, noise)
    if width == 0:
        return step
    here = series[low:high]
    earlier = log_density(here - before, seen, noise, width)
    return _best(low, earlier - log_density(here - after, seen, noise, width))


def place(series: Series, segments: list[Segment], noise: float) -> list[int]:
    """Return where every segment but the first begins, steps between levels placed by likelihood.

    Least squares on clipped values finds that there is a step; Student's t on the values as they
    are says where, without being drawn to outliers; then the density of their own deviations from
    both levels, which knows the second mode of a benchmark that has two. Ends of trends stay.
    """
    starts: list[int] = []
    for left, right in pairwise(segments):
        if left.sloped or right.sloped:
            starts.append(right.start)
            continue
        start = starts[-1] if starts else left.start
        step = _by_tails(series, start, right.start, right.stop, noise)
        starts.append(_by_density(series, start, step, right.stop, noise))
    return starts
