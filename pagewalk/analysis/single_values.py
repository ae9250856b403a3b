"""Two revisions of which one value each is known, as in most histories of asv.

No test can tell two single values apart. Their series can: the p-value of a change is the share
of past commits that strayed as far with nothing having changed.
"""

import math
from collections.abc import Sequence
from statistics import median

import numpy as np

from pagewalk.analysis.false_discovery import benjamini_hochberg, next_level
from pagewalk.analysis.history_floor import ALONE, TESTED, change, floor_from_history, usual
from pagewalk.analysis.hodges_lehmann import Shift
from pagewalk.analysis.limits import Limits
from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.past import Past, past_of
from pagewalk.analysis.sampled import Family, Measured, judge_sampled, measure
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.verdict import Judgement

FEW = 4
"""Samples a side from which a rank test can reach 5 %; with fewer the past of the series is asked."""
_BEFORE = 4
"""Commits before the base that its level rests on besides."""
_DEFAULT = Settings()


def few(base: Sequence[float], head: Sequence[float]) -> bool:
    """Return whether there are too few samples for a test of their own."""
    return min(len(base), len(head)) < FEW


def measure_with_past(
    base: Sequence[float], head: Sequence[float], past: Past | None, alpha: float
) -> Measured | None:
    """Estimate the change from `base` to `head` and hold it against the past of their series.

    The estimate is the smaller of two changes: against the median of `base`, and against the
    median of that and the four commits before it; 1 where they disagree about the direction.

    Args:
        past: of the series up to and without the base; None where nothing is known.

    Returns:
        None where the past is shorter than 20 commits, or a side is 0: it has no logarithm.
    """
    before, after = float(median(base)), float(median(head))
    if past is None or before <= 0 or after <= 0:
        return None
    noise = past.noise
    first, second = math.log(before), math.log(after)
    level = usual(np.append(past.logs[-_BEFORE:], first))[-1:]
    moved = float(change(np.array([first]), level, np.array([second]))[0])
    reach = noise.size(alpha)
    shift = Shift(moved, moved - reach, moved + reach)
    ratio = shift.as_ratio()
    difference = Shift(*(before * (value - 1) for value in (ratio.estimate, ratio.low, ratio.high)))
    sizes = (len(base), len(head))
    return Measured(ratio, difference, noise.p(abs(moved)), (noise.sizes,), sizes, "history")


def noise_of_past(past: Past, *, tested: bool) -> NoiseFloor:
    """Return the noise floor of a series, with where it comes from.

    Args:
        past: of values that were each obtained as those to be compared are.
        tested: several samples a side are tested as well.
    """
    floor = math.expm1(past.noise.size(TESTED if tested else ALONE))
    return NoiseFloor(floor, f"from {past.logs.size} commits of history")


def judge_with_past(
    base: Sequence[float], head: Sequence[float], past: Sequence[float], settings: Settings = _DEFAULT
) -> Judgement:
    """Judge one comparison on its own, its noise floor taken from the past of its series.

    Args:
        base, head: samples of either side, one at least; finite and not negative.
        past: values like those samples, oldest first; where there are several samples a side,
            the floor is that of medians of so many.

    Raises:
        ValueError: a side without samples, or a value that is negative or not finite.
    """
    for side in (base, head):
        if not side or not all(math.isfinite(value) and value >= 0 for value in side):
            raise ValueError(f"samples must be finite and not negative, not {list(side)}")
    alone = few(base, head)
    measured = measure_with_past(base, head, past_of(past), settings.alpha) if alone else None
    if measured is None:
        measured = measure(tuple(base), tuple(head), settings.alpha, pairs=False)
    (q,) = benjamini_hochberg([measured.p])
    floor = floor_from_history(past, samples=1 if alone else min(len(base), len(head)))
    source = f"from {len(past)} commits of history"
    limits = Limits(settings.threshold, math.nan if floor is None else floor, 0.0, "", source)
    return judge_sampled(measured, q, Family(settings.alpha, next_level(0, 1, settings.alpha)), limits)
