"""Sampled metrics: two unknown levels, unknown noise, a machine that may drift."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from pagewalk.analysis.bisection.drift import drift
from pagewalk.analysis.bisection.likelihood import Array, Likelihood, Side
from pagewalk.analysis.bisection.noise_shapes import SCALES, SHAPES, log_density, log_prior, noise_around
from pagewalk.analysis.bisection.observation import Search

LEVELS = 41
HEIGHT = 2.5
"""Half of all steps are smaller, in deviations of the noise. A flat prior would make the posterior
overconfident where the step is as small as those that need a search."""
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
    scale = spread([values[places == place] for place in np.unique(places)])
    grids = [_levels(side, scale) for side in (*ends, np.concatenate(ends))]
    noise = noise_around(scale)
    good, bad, same = (Side(grid, log_density(values, grid, scale), noise) for grid in grids)
    # All levels are as likely as others: the width of a cell is its prior, up to a constant.
    cells = [float(grid[1] - grid[0]) for grid in grids]
    pairs = _heights(grids[0], grids[1], scale) * cells[0] * cells[1]
    return Likelihood(places, good, bad, same, pairs, cells[2], log_prior())


def _heights(good: Array, bad: Array, scale: float) -> Array:
    """Return the prior density of a pair of levels, shape (A, B, K): Cauchy's of their distance."""
    widths = HEIGHT * scale * SCALES
    distance = (bad[None, :, None] - good[:, None, None]) / widths
    heights = 1 / (np.pi * widths * (1 + distance**2))
    return np.tile(heights, len(SHAPES))


def spread(sides: Sequence[Array]) -> float:
    """Return a robust standard deviation within sides: the median distance of two executions of one."""
    apart = [abs(a - b) for side in sides for a, b in combinations(side, 2)]
    middle = float(np.median(apart)) / PAIRWISE if apart else 0.0
    # A clock that ticks coarsely repeats itself: then its tick is the noise; no scale is below half of it.
    return middle or 0.5 / SCALES[0] * min((a for a in apart if a > 0), default=0.0) or _least(sides)


def _least(sides: Sequence[Array]) -> float:
    gap = abs(float(np.median(sides[0])) - float(np.median(sides[-1])))
    return gap / 100 or 1e-9


def _levels(side: Array, scale: float) -> Array:
    """Return a grid of levels around a side's median, wider where few executions are known."""
    middle, half = float(np.median(side)), scale * (1 + 6 / np.sqrt(len(side)))
    return np.linspace(middle - half, middle + half, LEVELS)
