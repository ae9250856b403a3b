"""The rule on numbers that differ from execution to execution, applied to many rows in one go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from pagewalk.analysis.evidence import SampledGrounds
from pagewalk.analysis.limits import Limits
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.sampled import Measured
from pagewalk.analysis.samples_needed import Counts, to_tell_ratio
from pagewalk.analysis.shifts import Shifts
from pagewalk.analysis.verdict import Effect, Judgement, Verdict
from pagewalk.named import named

Bools = NDArray[np.bool_]

_VERDICTS = (Verdict.REGRESSED, Verdict.IMPROVED, Verdict.SAME, Verdict.UNSURE)
_UNSURE = _VERDICTS.index(Verdict.UNSURE)


@dataclass(frozen=True, slots=True)
class Family:
    """What false-discovery control over all that was compared found.

    Args:
        alpha: the share of false discoveries.
        level: the p-value that one more discovery would need.
    """

    alpha: float
    level: float


@dataclass(frozen=True, slots=True, eq=False)
class _Bars:
    """Limits of several rows (rows,): relative, the same as a logarithm, and in the base unit."""

    relative: Floats
    band: Floats
    absolute: Floats


def judge_sampled(measured: Measured, q: Floats, family: Family, limits: Sequence[Limits]) -> list[Judgement]:
    """Apply the rule to each row: significant, and larger than every limit, or shown to be within them.

    Args:
        q: after false-discovery control (rows,).
        limits: of each row.
    """
    own, floors, absolute, _, _ = zip(*limits, strict=True)
    relative = np.fmax(own, floors)  # a floor that is not known is NaN
    bars = _Bars(relative, np.log1p(relative), np.array(absolute))
    negligible = _negligible(measured.difference, bars)
    rulings = _rulings(measured, q <= family.alpha, bars, negligible)
    needed = _more(measured, rulings == _UNSURE, bars, family)
    effects = list(_effects(measured, q, needed, floors, bars, family))
    verdicts = [_VERDICTS[ruling] for ruling in rulings.tolist()]
    shared = repeat(measured.sizes), repeat(measured.commits)
    grounds = list(named(SampledGrounds, verdicts, effects, limits, negligible.tolist(), *shared))
    return list(named(Judgement, verdicts, grounds, effects, needed.tolist()))


def _effects(  # noqa: PLR0913, PLR0917 (a column each)
    measured: Measured, q: Floats, needed: Counts, floors: Sequence[float], bars: _Bars, family: Family
) -> Iterator[Effect]:
    """Return the effect of each row: its fields are columns, in their order."""
    ratio = measured.ratio
    return named(
        Effect,
        *(column.tolist() for column in (ratio.estimate, ratio.low, ratio.high, measured.p, q)),
        floors,
        repeat(False),
        needed.tolist(),
        repeat(1 - family.alpha),
        bars.relative.tolist(),
        repeat(measured.method),
    )


def _rulings(measured: Measured, significant: Bools, bars: _Bars, negligible: Bools) -> Counts:
    """Return the place in `_VERDICTS` of each row's (rows,)."""
    ratio, size = measured.ratio, np.abs(measured.difference.estimate)
    beyond = significant & (_distance(ratio.estimate) > bars.band) & (size > bars.absolute)
    within = (np.maximum(_distance(ratio.low), _distance(ratio.high)) <= bars.band) | negligible
    return np.select([beyond & (ratio.estimate > 1), beyond, within], [0, 1, 2], _UNSURE)


def _negligible(difference: Shifts, bars: _Bars) -> Bools:
    """Return whether the whole interval of a difference lies within the absolute limit (rows,)."""
    largest = np.maximum(np.abs(difference.low), np.abs(difference.high))
    small: Bools = (bars.absolute > 0) & (largest <= bars.absolute)
    return small


def _distance(ratio: Floats) -> Floats:
    """How far ratios are from 1: 2 and ½ alike."""
    with np.errstate(divide="ignore"):
        distance: Floats = np.abs(np.log(ratio))
    return distance


def _more(measured: Measured, unsure: Bools, bars: _Bars, family: Family) -> Counts:
    """Return how many more samples rows need that are unsure (rows,): what is there did not settle them."""
    distance = _distance(measured.ratio.estimate[unsure])
    logs = tuple(side[unsure] for side in measured.logs)
    wanted = to_tell_ratio(logs, distance, bars.band[unsure], family.level)
    needed = np.zeros(unsure.shape, dtype=np.int64)
    needed[unsure] = np.maximum(1, wanted - min(measured.sizes))
    return needed
