"""How many samples a side would settle what is not settled: so that `unsure` is of some use.

Two bounds, and the larger holds. Few samples cannot reach a small p-value however far apart they
lie: 3 against 3 never get below 0.1. And noise hides a change until enough samples average it
out: the normal-theory size of the rank test, whose efficiency against the t-test is 3/π
(Noether, "Sample Size Determination for Some Common Nonparametric Tests", JASA 82, 1987).
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pagewalk.analysis.normal import deviate
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.shares import fisher

Counts = NDArray[np.int64]

MOST = 1000
"""Where counting ends."""
HOPELESS = 500
"""From here the answer is "not with samples": a quieter machine or a larger effect is needed."""
_POWER = 0.8
_RANK_EFFICIENCY = 3 / math.pi
_NORMAL_QUARTILES = 1.349
# Without any difference to go by, a change in one of five executions is what is looked for.
_SHARE_OF_INTEREST = 0.2


@lru_cache(maxsize=256)
def smallest_attainable(level: float, *, pairs: bool) -> int:
    """Return the fewest samples a side whose smallest possible two-sided p is at most `level`."""
    for n in range(1, MOST):
        log_p = (1 - n) * math.log(2) if pairs else math.log(2) - _log_choose(2 * n, n)
        if log_p <= math.log(level) + 1e-9:
            return n
    return MOST


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def to_tell_ratio(logs: tuple[Floats, ...], distance: Floats, band: Floats, level: float) -> Counts:
    """Return how many samples a side, in all, would settle each of several ratios (rows,).

    Args:
        logs: logarithms of the samples of each side (rows, n); one array of differences where paired.
        distance: |log ratio| as estimated now (rows,).
        band: log(1 + threshold). Inside, the interval must shrink until it fits; outside,
            the distance itself must become significant (rows,).
        level: p-value that has to be reached after false-discovery control.
    """
    least = smallest_attainable(level, pairs=len(logs) == 1)
    spread = _spread(logs)
    # The estimate is no better known than the noise: on the edge, half the band is aimed at.
    target = np.where(distance > band, distance, np.maximum(band - distance, band / 2))
    deviates = deviate(level / 2) + deviate(1 - _POWER)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = len(logs) * (deviates * spread / target) ** 2 / _RANK_EFFICIENCY
    wanted = np.where(target > 0, np.maximum(least, np.ceil(np.fmin(size, MOST))), MOST)
    settled = (spread == 0) | ~np.isfinite(distance)
    return np.where(settled, least, wanted).astype(np.int64)


def _spread(logs: tuple[Floats, ...]) -> Floats:
    """Robust standard deviation about each side's own median: from quartiles, wild values aside."""
    residuals = np.sort(np.concatenate([_residuals(side) for side in logs], axis=-1), axis=-1)
    count = np.isfinite(residuals).sum(axis=-1)
    width = (_quartile(residuals, 3) - _quartile(residuals, 1)) / _NORMAL_QUARTILES
    freedom = np.maximum(1, count - len(logs))
    return np.where(count < 2, 0.0, width * np.sqrt(count / freedom))


def _residuals(side: Floats) -> Floats:
    """What is left of a side (..., n) without its median; NaN for what is not finite."""
    ordered = np.sort(np.where(np.isfinite(side), side, np.nan), axis=-1)
    residuals: Floats = ordered - _quartile(ordered, 2)[..., np.newaxis]
    return residuals


def _quartile(ordered: Floats, which: int) -> Floats:
    """What `statistics.quantiles(method="inclusive")` has, of each row (..., n); its NaN are the last."""
    last = np.maximum(0, np.isfinite(ordered).sum(axis=-1, keepdims=True) - 1)
    place, rest = np.divmod(last * which, 4)
    below, above = (
        np.take_along_axis(ordered, at, axis=-1)[..., 0] for at in (place, np.minimum(place + 1, last))
    )
    quartile: Floats = (below * (4 - rest[..., 0]) + above * rest[..., 0]) / 4
    return quartile


def to_tell_shares(base: float, head: float, level: float) -> int:
    """Return how many executions a side, in all, would tell two shares of bad endings apart.

    The smallest n at which Fisher's exact test of the shares, rounded to executions, reaches
    `level`.
    """
    if abs(head - base) < _SHARE_OF_INTEREST / 2:
        base, head = min(base, 1 - _SHARE_OF_INTEREST), min(base, 1 - _SHARE_OF_INTEREST) + _SHARE_OF_INTEREST

    def reached(n: int) -> bool:
        return fisher(round(base * n), n, round(head * n), n) <= level

    # Doubling and halving: the p-value falls with n but for the rounding.
    high = 1
    while high < MOST and not reached(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return min(high, MOST)
