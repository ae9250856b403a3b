"""Sampled metrics: two unknown levels, unknown noise, a machine that may drift."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from pagewalk.analysis.bisection.drift import drift
from pagewalk.analysis.bisection.likelihood import Array, Likelihood
from pagewalk.analysis.bisection.noise_shapes import log_density, log_prior
from pagewalk.analysis.bisection.observation import Search

LEVELS = 41
PAIRWISE = 0.9539
"""Median distance of two standard normal values."""


def numbers(search: Search) -> tuple[NDArray[np.int64], Array]:
    """Return places and values, shape (N,), of the executions that gave a number.

    Values are logarithms where all are positive: noise and steps of machines are relative.
    """
    rows = [(t.place, t.observation.value) for t in search.taken if t.observation.value is not None]
    places = np.array([place for place, _ in rows], dtype=np.int64)
    values = np.array([value for _, value in rows], dtype=np.float64)
    return places, (np.log(values) if positive(values) else values)


def positive(values: Array) -> bool:
    """Whether ratios mean something."""
    return bool(values.size) and bool((values > 0).all())


def sampled_likelihood(search: Search) -> Likelihood:
    """Return the likelihood of all numbers; both ends must have given two at least."""
    places, values = numbers(search)
    values = values - drift(places, values, search.last)
    ends = values[places == 0], values[places == search.last]
    scale = spread(ends)
    grids = [_levels(side, scale) for side in (*ends, np.concatenate(ends))]
    good, bad, same = (log_density(values, grid, scale) for grid in grids)
    return Likelihood(places, good, bad, same, log_prior())


def spread(sides: Sequence[Array]) -> float:
    """Return a robust standard deviation within sides: the median distance of two executions of one."""
    apart = [abs(a - b) for side in sides for a, b in combinations(side, 2)]
    middle = float(np.median(apart)) / PAIRWISE if apart else 0.0
    # A clock that ticks coarsely repeats itself: then its tick is the noise.
    return middle or min((a for a in apart if a > 0), default=0.0) or _least(sides)


def _least(sides: Sequence[Array]) -> float:
    gap = abs(float(np.median(sides[0])) - float(np.median(sides[-1])))
    return gap / 100 or 1e-9


def _levels(side: Array, scale: float) -> Array:
    """Return a grid of levels around a side's median, wider where few executions are known."""
    middle, half = float(np.median(side)), scale * (1 + 6 / np.sqrt(len(side)))
    return np.linspace(middle - half, middle + half, LEVELS)
