"""How probable a deviation is, as the deviations of a series themselves say."""

import numpy as np

from pagewalk.analysis.changepoints.medians import median
from pagewalk.analysis.changepoints.method import Series
from pagewalk.analysis.changepoints.noise import GAUSSIAN_MAD

FREEDOM = 3.0
"""Degrees of freedom of Student's t: the tails that histories of benchmarks show."""

STUDENT_PEAK = 0.3676
"""Density of Student's t with FREEDOM degrees of freedom at zero."""

NORMAL_PEAK = 0.3989
"""Density of the standard normal distribution at zero."""

TAIL = 0.02
"""Share of Student's t in the mixture: beyond the last deviation seen nothing is impossible."""


def tail_misfit(deviations: Series, noise: float) -> Series:
    """Return minus half the log likelihood of Student's t, up to a constant."""
    misfit: Series = np.log1p((deviations / noise) ** 2 / FREEDOM)
    return misfit


def bandwidth(seen: Series, noise: float) -> float:
    """Return the width of a normal kernel; 0 where most of `seen` are equal.

    Source: Silverman 1986, Density Estimation, (3.31); the median absolute deviation stands for the
    interquartile range.
    """
    spread = min(median(np.abs(seen)) / GAUSSIAN_MAD, noise)
    return 0.9 * spread * float(seen.size**-0.2)


def log_density(deviations: Series, seen: Series, noise: float, width: float) -> Series:
    """Return the log density of each of `deviations`, from `seen` by kernels of `width`.

    Two modes, or a tail on one side only, so are what they are and not outliers.

    Args:
        deviations: shape (m,). seen: shape (n,), from the same level. noise: scale of the tails.
    """
    apart = (deviations[:, None] - seen) / width
    kernels = np.exp(-0.5 * apart**2).mean(axis=1) * NORMAL_PEAK / width
    tails = np.exp(-(FREEDOM + 1) / 2 * tail_misfit(deviations, noise)) * STUDENT_PEAK / noise
    logarithm: Series = np.log((1 - TAIL) * kernels + TAIL * tails)
    return logarithm
