"""How much a benchmark differs from itself: the A/A noise floor."""

import math
from collections.abc import Sequence

import numpy as np

from pagewalk.analysis.hodges_lehmann import logarithms, two_samples

_COVERED = 0.95


def noise_floor(pairs: Sequence[tuple[Sequence[float], Sequence[float]]]) -> float:
    """Return the relative change that 95 % of A/A comparisons stay below; 0.03 is 3 %.

    Fewer than 20 comparisons have no 95 % quantile: then it is the largest seen.

    Args:
        pairs: samples of one metric, case and runner at one revision, measured twice as if
            they were base and head.

    Raises:
        ValueError: no pairs, an empty side, or a value that is negative or not finite.
    """
    if not pairs:
        raise ValueError("a noise floor needs at least one A/A pair")
    changes = [math.expm1(abs(_log_ratio(first, second))) for first, second in pairs]
    return float(np.quantile(changes, _COVERED, method="higher"))


def _log_ratio(first: Sequence[float], second: Sequence[float]) -> float:
    sides = [np.asarray(side, dtype=float) for side in (first, second)]
    for side in sides:
        if side.size == 0 or not np.isfinite(side).all() or (side < 0).any():
            raise ValueError(f"an A/A side must hold finite values of at least 0, not {side.tolist()}")
    return two_samples(logarithms(sides[0]), logarithms(sides[1]), 1 - _COVERED).estimate
