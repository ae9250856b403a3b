"""How large is the change? The Hodges–Lehmann estimate with the interval that inverts its test.

Both are order statistics of all differences that can be formed (Hodges and Lehmann, Annals of
Mathematical Statistics 34, 1963; interval: Moses 1953, in Hollander, Wolfe and Chicken,
Nonparametric Statistical Methods, 3rd ed. 2014, §4.3 and §3.3). A median of differences, not a
difference of medians: 29 % of the samples may be arbitrarily wild before the estimate is.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pagewalk.analysis.normal import deviate
from pagewalk.analysis.null_distribution import Floats, lower_quantile, rank_sum, signed_sum

_EXACT = 100


@dataclass(frozen=True, slots=True)
class Shift:
    """An estimated difference and its interval; minus and plus infinity where too few samples."""

    estimate: float
    low: float
    high: float

    def as_ratio(self) -> "Shift":
        """Return the exponential of a shift of logarithms: a ratio."""
        return Shift(_exp(self.estimate), _exp(self.low), _exp(self.high))


def _exp(value: float) -> float:
    return math.exp(value) if value < 700 else math.inf


def logarithms(values: Floats) -> Floats:
    """Return log(values), minus infinity for 0, so that a ratio is a difference."""
    with np.errstate(divide="ignore"):
        logs: Floats = np.log(values)
    return logs


def subtract(head: Floats, base: Floats) -> Floats:
    """Return head − base, where 0 over 0 (both −∞ as logarithms) is no change."""
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(head - base, nan=0.0, posinf=np.inf, neginf=-np.inf)


def two_samples(base: Floats, head: Floats, alpha: float) -> Shift:
    """Return the shift from `base` (n,) to `head` (m,), from all n·m differences."""
    differences = np.sort(subtract(head[:, None], base[None, :]), axis=None)
    return _from_ordered(differences, _rank_sum_steps(base.size, head.size, alpha))


def paired(differences: Floats, alpha: float) -> Shift:
    """Return the centre of paired `differences` (n,), from all n·(n+1)/2 Walsh averages."""
    rows, columns = np.triu_indices(differences.size)
    # −∞ and +∞ average to nothing that can be said: no change.
    with np.errstate(invalid="ignore"):
        walsh = (differences[rows] + differences[columns]) / 2
    walsh = np.sort(np.nan_to_num(walsh, nan=0.0, posinf=np.inf, neginf=-np.inf))
    return _from_ordered(walsh, _signed_rank_steps(differences.size, alpha))


def _from_ordered(ordered: Floats, steps: int) -> Shift:
    """Median of `ordered`, and the values `steps` from either end; no interval for 0 steps."""
    low = float(ordered[steps - 1]) if steps else -math.inf
    high = float(ordered[ordered.size - steps]) if steps else math.inf
    below, above = float(ordered[(ordered.size - 1) // 2]), float(ordered[ordered.size // 2])
    middle = (below + above) / 2
    return Shift(0.0 if math.isnan(middle) else middle, low, high)


@lru_cache(maxsize=1024)
def _rank_sum_steps(n: int, m: int, alpha: float) -> int:
    total = n + m
    if total > _EXACT:
        deviation = math.sqrt(n * m * (total + 1) / 12)
        return _normal_steps(n * m / 2, deviation, alpha)
    return _exact_steps(lambda: rank_sum(tuple(range(1, total + 1)), n)[n * (n + 1) // 2 :], alpha)


@lru_cache(maxsize=1024)
def _signed_rank_steps(n: int, alpha: float) -> int:
    if n > _EXACT:
        return _normal_steps(n * (n + 1) / 4, math.sqrt(n * (n + 1) * (2 * n + 1) / 24), alpha)
    return _exact_steps(lambda: signed_sum(tuple(range(1, n + 1))), alpha)


def _exact_steps(distribution: Callable[[], Floats], alpha: float) -> int:
    return lower_quantile(distribution(), alpha / 2)


def _normal_steps(mean: float, deviation: float, alpha: float) -> int:
    return max(0, math.floor(mean - deviate(alpha / 2) * deviation))
