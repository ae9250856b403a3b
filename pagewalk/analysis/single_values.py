"""Two revisions of which one value each is known, as in most histories of asv.

No test can tell two single values apart. Their series can: the p-value of a change is the share
of past commits that strayed as far with nothing having changed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from pagewalk.analysis.false_discovery import benjamini_hochberg, next_level
from pagewalk.analysis.history_floor import LEAST, TESTED, change, floor_from_history
from pagewalk.analysis.limits import Limits
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.past import Past, pasts_of
from pagewalk.analysis.ruling import Family, judge_sampled
from pagewalk.analysis.sampled import Measured, measure
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.shifts import Shifts
from pagewalk.analysis.verdict import Judgement
from pagewalk.model import Values

FEW = 4
"""Samples a side from which a rank test can reach 5 %; with fewer the past of the series is asked."""
_DEFAULT = Settings()


def few(base: Sequence[float], head: Sequence[float]) -> bool:
    """Return whether there are too few samples for a test of their own."""
    return len(base) < FEW or len(head) < FEW


def widths_of(values: Sequence[Values]) -> Floats:
    """Return the log ratio of the quartiles that each was recorded with; 0 where there are none (values,)."""
    low, high = np.array([one.quartiles or (0.0, 0.0) for one in values]).reshape(-1, 2).T
    known = (low > 0) & (low < high) & (high < np.inf)
    return np.log(np.where(known, high, 1.0) / np.where(known, low, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Middles:
    """Rows with too few samples for a test: their medians, which must be above 0 to have a logarithm.

    Args:
        base, head: (rows,).
        width: of the heads, as `Strays.floor` takes it (rows,).
        sizes: samples before and after, the same in all rows.
    """

    base: Floats
    head: Floats
    width: Floats
    sizes: tuple[int, int]


def measure_with_past(middles: Middles, past: Past, alpha: float) -> Measured:
    """Estimate the change of each row and hold it against the past of its series.

    The estimate is the change from the level, the median of the base and the ten commits before it;
    1 where the base does not bear out half of it. So much as the width of the head is not told.

    Args:
        past: of the rows, up to and without the base.
    """
    noise = past.noise
    first, second = np.log(middles.base), np.log(middles.head)
    level = np.median(np.column_stack([past.latest, first]), axis=-1)
    moved = change(first, level, second)
    reach = np.hypot(noise.size(alpha), middles.width)
    ratio = Shifts(moved, moved - reach, moved + reach).as_ratio()
    difference = Shifts(*(middles.base * (one - 1) for one in (ratio.estimate, ratio.low, ratio.high)))
    p = noise.p(np.sqrt(np.maximum(0.0, moved**2 - middles.width**2)))
    return Measured(ratio, difference, p, (noise.sizes,), middles.sizes, "history")


def noise_of_past(past: Past, *, tested: Sequence[bool], width: Floats) -> Floats:
    """Return the relative noise floor of each series (series,).

    Args:
        past: of values that were each obtained as those to be compared are.
        tested: whether several samples a side are tested as well (series,).
        width: of the heads, as `Strays.floor` takes it (series,).
    """
    noise = past.noise
    return np.expm1(np.where(tested, noise.size(TESTED), noise.floor(width)))


def from_commits(count: int) -> str:
    """Say how a noise floor was obtained."""
    return f"from {count} commits of history"


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
    source = from_commits(len(past))
    alone = few(base, head)
    if alone:
        past = _medians(past, min(len(base), len(head)))
    known = pasts_of(np.array([past], dtype=float)) if alone else []
    before, after = median(base), median(head)
    if known and before > 0 and after > 0:
        sizes = (len(base), len(head))
        middles = Middles(np.array([before]), np.array([after]), np.array([width]), sizes)
        measured = measure_with_past(middles, known[0], settings.alpha)
    else:
        measured = measure(np.array([base], float), np.array([head], float), settings.alpha, pairs=False)
    q = np.array(benjamini_hochberg(measured.p.tolist()))
    floor = floor_from_history(past, samples=1 if alone else min(len(base), len(head)), width=width)
    limits = Limits(settings.threshold, math.nan if floor is None else floor, 0.0, "", source)
    family = Family(settings.alpha, next_level(0, 1, settings.alpha))
    return judge_sampled(measured, q, family, [limits])[0]


def _medians(past: Sequence[float], samples: int) -> Sequence[float]:
    """Return the medians of `samples` values in a row; `past` itself where that leaves too few of them."""
    values = [value for value in past if math.isfinite(value) and value > 0]
    starts = range(len(values) % samples, len(values), samples)
    return [median(values[at : at + samples]) for at in starts] if len(starts) >= LEAST else past
