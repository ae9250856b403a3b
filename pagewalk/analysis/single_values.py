"""Two revisions of which one value each is known, as in most histories of asv.

No test can tell two single values apart. Their series can: the p-value of a change is the share
of past commits that strayed as far with nothing having changed.
"""

import math
from collections.abc import Sequence
from statistics import median

from pagewalk.analysis.false_discovery import benjamini_hochberg, next_level
from pagewalk.analysis.history_floor import LEAST, TESTED, floor_from_history, one_change, usual_before
from pagewalk.analysis.hodges_lehmann import Shift
from pagewalk.analysis.limits import Limits
from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.past import Past, past_of
from pagewalk.analysis.sampled import Family, Measured, judge_sampled, measure
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.verdict import Judgement
from pagewalk.model import Values

FEW = 4
"""Samples a side from which a rank test can reach 5 %; with fewer the past of the series is asked."""
_DEFAULT = Settings()


def few(base: Sequence[float], head: Sequence[float]) -> bool:
    """Return whether there are too few samples for a test of their own."""
    return min(len(base), len(head)) < FEW


def width_of(values: Values) -> float:
    """Return the log ratio of the quartiles that a value was recorded with; 0 where there are none."""
    low, high = values.quartiles or (0.0, 0.0)
    return math.log(high / low) if 0 < low < high < math.inf else 0.0


def measure_with_past(
    base: Sequence[float], head: Sequence[float], past: Past | None, alpha: float, width: float = 0.0
) -> Measured | None:
    """Estimate the change from `base` to `head` and hold it against the past of their series.

    The estimate is the change from the level, the median of `base` and the ten commits before it;
    1 where `base` does not bear out half of it.

    Args:
        past: of the series up to and without the base; None where nothing is known.
        width: of the head, as `Strays.floor` takes it: so much of the change is not told.

    Returns:
        None where the past is shorter than 20 commits, or a side is 0: it has no logarithm.
    """
    before, after = float(median(base)), float(median(head))
    if past is None or before <= 0 or after <= 0:
        return None
    noise = past.noise
    first, second = math.log(before), math.log(after)
    moved = one_change(first, usual_before(past.logs, first), second)
    reach = math.hypot(noise.size(alpha), width)
    shift = Shift(moved, moved - reach, moved + reach)
    ratio = shift.as_ratio()
    difference = Shift(*(before * (value - 1) for value in (ratio.estimate, ratio.low, ratio.high)))
    sizes = (len(base), len(head))
    p = noise.p(math.sqrt(max(0.0, moved**2 - width**2)))
    return Measured(ratio, difference, p, (noise.sizes,), sizes, "history")


def noise_of_past(past: Past, *, tested: bool, width: float = 0.0) -> NoiseFloor:
    """Return the noise floor of a series, with where it comes from.

    Args:
        past: of values that were each obtained as those to be compared are.
        tested: several samples a side are tested as well.
        width: of the head, as `Strays.floor` takes it.
    """
    floor = math.expm1(past.noise.size(TESTED) if tested else past.noise.floor(width))
    return NoiseFloor(floor, f"from {past.logs.size} commits of history")


def judge_with_past(
    base: Sequence[float],
    head: Sequence[float],
    past: Sequence[float],
    settings: Settings = _DEFAULT,
    width: float = 0.0,
) -> Judgement:
    """Judge one comparison on its own, its noise floor taken from the past of its series.

    Args:
        base, head: samples of either side, one at least; finite and not negative.
        past: values like those samples, oldest first; where there are several samples a side,
            the floor is that of medians of so many.
        width: of the head, as `Strays.floor` takes it, where it is one value.

    Raises:
        ValueError: a side without samples, or a value that is negative or not finite.
    """
    for side in (base, head):
        if not side or not all(math.isfinite(value) and value >= 0 for value in side):
            raise ValueError(f"samples must be finite and not negative, not {list(side)}")
    source = f"from {len(past)} commits of history"
    alone = few(base, head)
    if alone:
        past = _medians(past, min(len(base), len(head)))
    measured = measure_with_past(base, head, past_of(past), settings.alpha, width) if alone else None
    if measured is None:
        measured = measure(tuple(base), tuple(head), settings.alpha, pairs=False)
    (q,) = benjamini_hochberg([measured.p])
    floor = floor_from_history(past, samples=1 if alone else min(len(base), len(head)), width=width)
    limits = Limits(settings.threshold, math.nan if floor is None else floor, 0.0, "", source)
    return judge_sampled(measured, q, Family(settings.alpha, next_level(0, 1, settings.alpha)), limits)


def _medians(past: Sequence[float], samples: int) -> Sequence[float]:
    """Return the medians of `samples` values in a row; `past` itself where that leaves too few of them."""
    values = [value for value in past if math.isfinite(value) and value > 0]
    starts = range(len(values) % samples, len(values), samples)
    return [median(values[at : at + samples]) for at in starts] if len(starts) >= LEAST else past
