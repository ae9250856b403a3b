"""How much a benchmark differs from itself: the A/A noise floor."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pagewalk.analysis.hodges_lehmann import logarithms, two_samples

_COVERED = 0.95


class NoiseFloor(NamedTuple):
    """What a change must exceed to be more than the noise of this benchmark on this runner.

    Args:
        relative: 0.03 is 3 %.
        source: how it was obtained, as `A/A, 20 comparisons` or `from 40 commits of history`.
    """

    relative: float
    source: str


def noise_floor(pairs: Sequence[tuple[Sequence[float], Sequence[float]]], absolute: float = 0.0) -> float:
    """Return the relative change that 95 % of A/A comparisons stay below; 0.03 is 3 %.

    Fewer than 20 comparisons have no 95 % quantile: then it is the largest seen.

    Args:
        pairs: samples of one metric, case and runner at one revision, measured twice as if
            they were base and head.
        absolute: a change of no more than this, in the base unit, never counts and is none here:
            nothing against next to nothing would make every ratio infinite.

    Raises:
        ValueError: no pairs, an empty side, or a value that is negative or not finite.
    """
    if not pairs:
        raise ValueError("a noise floor needs at least one A/A pair")
    changes = [_change(first, second, absolute) for first, second in pairs]
    return float(np.quantile(changes, _COVERED, method="higher"))


def _change(first: Sequence[float], second: Sequence[float], absolute: float) -> float:
    sides = [np.asarray(side, dtype=float) for side in (first, second)]
    for side in sides:
        if side.size == 0 or not np.isfinite(side).all() or (side < 0).any():
            raise ValueError(f"an A/A side must hold finite values of at least 0, not {side.tolist()}")
    if abs(two_samples(sides[0], sides[1], 1 - _COVERED).estimate) <= absolute:
        return 0.0
    ratio = two_samples(logarithms(sides[0]), logarithms(sides[1]), 1 - _COVERED).estimate
    return math.expm1(abs(ratio))
