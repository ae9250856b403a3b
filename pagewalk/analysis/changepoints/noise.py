"""How large the noise of a series is, when the series may also have steps, trends and outliers."""

import numpy as np

from pagewalk.analysis.changepoints.medians import median, running_median
from pagewalk.analysis.changepoints.method import Series

GAUSSIAN_MAD = 0.6745
"""Median absolute deviation of a standard normal variable."""

CLIP = 2.5
CLIPPED_RMS = 0.9443
"""Root mean square of a standard normal variable clipped at ±CLIP."""

SEASON_SLACK = 1.2
"""Long-run noise up to this factor above the point-to-point noise is the error of its estimate."""


def despike(series: Series, limit: float, reach: int = 3) -> Series:
    """Pull every value to within `limit` of the median of the 2·`reach` + 1 values around it.

    An outlier, or up to `reach` of them in a row, so loses its leverage; a step keeps all of
    its height. Ends are reflected, so that `reach` values after a step are a majority already.

    Source: Hampel's identifier (Davies & Gather 1993), as a clip instead of a replacement.
    """
    if series.size <= reach:
        return series
    padded = np.pad(series, reach, mode="reflect")
    middle = running_median(padded, 2 * reach + 1)
    return np.clip(series, middle - limit, middle + limit)


def block_noise(series: Series, block: int) -> float:
    """Return the standard deviation of one value that explains how means of adjoining blocks differ.

    For independent values it is the same for every `block`; autocorrelation and trends make it grow.
    The median over all pairs of blocks ignores steps. 0 where the series is too short to tell.

    Source: Dette, Eckle & Vetter 2020, Multiscale change point detection for dependent data.
    """
    if series.size < 2 * block + 1:
        return 0.0
    sums = np.concatenate(([0.0], np.cumsum(series)))
    means = (sums[block:] - sums[:-block]) / block
    apart = np.abs(means[block:] - means[:-block])
    return median(apart) / GAUSSIAN_MAD * float(np.sqrt(block / 2))


def point_noise(series: Series) -> float:
    """Return the standard deviation of one value from differences of neighbours.

    Heavier tails than the normal count up to CLIP deviations: the median alone would call a
    series quiet that jumps between two close modes.
    """
    middle = block_noise(series, 1)
    if middle == 0:
        return 0.0
    clipped = np.minimum(np.abs(np.diff(series)) / np.sqrt(2), CLIP * middle)
    return float(np.sqrt(np.mean(clipped**2))) / CLIPPED_RMS


def long_run_noise(series: Series) -> float:
    """Return the noise over blocks of n^⅓ values, or over twice as many where that is less.

    The smaller of the two, because a season looks like noise at half its period only.
    """
    block = max(2, round(series.size ** (1 / 3)))
    return min(block_noise(series, block), block_noise(series, 2 * block))


def noise(series: Series) -> float:
    """Return the noise a change has to exceed; 0 where most neighbours are equal."""
    return max(point_noise(series), long_run_noise(series) / SEASON_SLACK)


def smallest_difference(series: Series) -> float:
    """Return the least difference between two values that is more than rounding; 0 if there is none."""
    apart = np.diff(np.unique(series))
    real = apart[apart > 1e-9 * float(np.max(np.abs(series), initial=0.0))]
    return float(real.min()) if real.size else 0.0
