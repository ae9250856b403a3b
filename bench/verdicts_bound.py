"""How much of a slowdown anybody could find in single values: a bound for bench.verdicts.

Neyman and Pearson: of all rules with the same false alarms, the one finds most that tells where a
slowdown of a known size is so many times likelier than none. It is given what no rule has: the density
of each series' own noise, and the size that is looked for. J. Neyman, E. S. Pearson, "On the Problem of
the Most Efficient Tests of Statistical Hypotheses", Phil. Trans. R. Soc. A 231, 1933.
"""

from collections.abc import Sequence

import numpy as np

from bench.changepoints_data import Series

_REACH, _STEP = 0.6, 0.0005
_DRAWS = 60
# Of an outlier that none was like: as if one value in fifty lay anywhere.
_ANYWHERE = 0.02


def bound(noises: Sequence[Series], effect: float, false_alarms: float) -> float:
    """Return the greatest share of slowdowns by `effect` that can be found.

    Args:
        noises: of each series, values that nothing changed, as logarithms.
        effect: 0.05 is 5 %, either way.
        false_alarms: share of unchanged values that are told, over all series together.
    """
    generator = np.random.default_rng(0)
    still, slower = [], []
    for noise in noises:
        density = _density(noise)
        drawn = generator.choice(noise, _DRAWS)
        still.append(_likelier(density, drawn, effect))
        slower.append(_likelier(density, drawn + np.log1p(effect), effect))
    limit = np.quantile(np.concatenate(still), 1 - false_alarms)
    return float(np.mean(np.concatenate(slower) > limit))


def _grid() -> Series:
    return np.arange(-_REACH, _REACH + _STEP / 2, _STEP)


def _density(noise: Series) -> Series:
    """Return the log density of noise on the grid, by a normal kernel of a quarter of its deviation."""
    width = max(float(np.median(np.abs(noise - np.median(noise)))) / 0.6745 / 4, 1.2 * _STEP)
    grid = _grid()
    edges = np.append(grid, grid[-1] + _STEP) - _STEP / 2
    counts = np.histogram(np.clip(noise, -_REACH, _REACH), edges)[0] / (noise.size * _STEP)
    kernel = np.exp(-(((grid - grid[grid.size // 2]) / width) ** 2) / 2)
    smooth = np.convolve(counts, kernel / kernel.sum(), mode="same")
    logs: Series = np.log(smooth * (1 - _ANYWHERE) + _ANYWHERE / (2 * _REACH))
    return logs


def _likelier(density: Series, values: Series, effect: float) -> Series:
    """Return the log likelihood ratio of a change by `effect`, either way, over none."""
    grid, size = _grid(), np.log1p(effect)
    up, down, none = (np.interp(values + shift, grid, density) for shift in (-size, size, 0.0))
    ratio: Series = np.maximum(up, down) - none
    return ratio
