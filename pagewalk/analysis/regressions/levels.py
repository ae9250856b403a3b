"""Levels between change points, and how far one is from the next."""

import math

import numpy as np

from pagewalk.analysis.hodges_lehmann import Shift, logarithms, two_samples
from pagewalk.analysis.regressions.change import Size
from pagewalk.analysis.regressions.series import Floats

NEARBY = 100
"""Values on either side of a step that its size is told from: a level may drift on later."""


def size_of(before: Floats, after: Floats, alpha: float) -> Size:
    """Return how far the level moved from `before` (n,) to `after` (m,), with its 1 − alpha interval."""
    near, far = before[-NEARBY:], after[:NEARBY]
    levels = float(np.median(near)), float(np.median(far))
    ratio = _ratio(near, far, levels, alpha)
    return Size(*levels, ratio.estimate, max(0.0, ratio.low), ratio.high)


def _ratio(near: Floats, far: Floats, levels: tuple[float, float], alpha: float) -> Shift:
    if min(near.min(), far.min()) > 0:
        return two_samples(logarithms(near), logarithms(far), alpha).as_ratio()
    # no logarithm of zero or less: the difference, in parts of the level before
    if levels[0] == 0:
        moved = levels[1] != 0
        return Shift(math.inf if moved else 1.0, 0.0, math.inf)
    shift = two_samples(near, far, alpha)
    ends = [1 + part / abs(levels[0]) for part in (shift.estimate, shift.low, shift.high)]
    return Shift(*ends)


def apart(size: Size) -> float:
    """Return how far apart two levels are as a relative change, the same in both directions."""
    if not 0 < size.ratio < math.inf:
        return math.inf
    return math.expm1(abs(math.log(size.ratio)))


def runs(values: Floats, tolerance: float, absolute: float) -> list[int]:
    """Return where exact values (n,) begin to differ from the value their level began with."""
    starts: list[int] = []
    if values.size == 0:
        return starts
    level = float(values[0])
    for at, value in enumerate(values.tolist()):
        if abs(value - level) > max(absolute, tolerance * abs(level)):
            starts.append(at)
            level = value
    return starts
