"""Numbers that differ from execution to execution: an estimate, a test, and the rule.

Rows whose samples are of one shape are measured and judged in one go: a page asks for thousands, and
each step costs as much of one as of a hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pagewalk.analysis.evidence import SampledGrounds
from pagewalk.analysis.hodges_lehmann import logarithms, paired, subtract, two_samples
from pagewalk.analysis.limits import Limits
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.rank_tests import mann_whitney, signed_rank
from pagewalk.analysis.samples_needed import Counts, to_tell_ratio
from pagewalk.analysis.shifts import Shifts
from pagewalk.analysis.verdict import Effect, Judgement, Verdict

Method = Literal["Mann–Whitney", "signed-rank", "history"]
Bools = NDArray[np.bool_]

_VERDICTS = (Verdict.REGRESSED, Verdict.IMPROVED, Verdict.SAME, Verdict.UNSURE)
_UNSURE = _VERDICTS.index(Verdict.UNSURE)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What the samples of several rows say, before all other comparisons are known.

    Args:
        ratio: head over base with its interval, of each row.
        difference: head − base in the base unit, with its interval.
        p: of the test (rows,).
        logs: of each side (rows, n); one array of differences where paired, or of strays from a history.
        sizes: samples before and after, the same in all rows.
    """

    ratio: Shifts
    difference: Shifts
    p: Floats
    logs: tuple[Floats, ...]
    sizes: tuple[int, int]
    method: Method


def measure(base: Floats, head: Floats, alpha: float, *, pairs: bool) -> Measured:
    """Estimate and test the changes from `base` (rows, n) to `head` (rows, m), at least one value each.

    Args:
        pairs: the i-th sample of either side was taken in the same turn; n equals m.
    """
    sizes = (base.shape[-1], head.shape[-1])
    before, after = logarithms(base), logarithms(head)
    if pairs:
        turns = subtract(after, before)
        ratio = Shifts.of(paired(row, alpha) for row in turns).as_ratio()
        difference = Shifts.of(paired(row, alpha) for row in head - base)
        p = np.array([signed_rank(row) for row in turns])
        return Measured(ratio, difference, p, (turns,), sizes, "signed-rank")
    if sizes == (1, 1):
        ratio, difference = _one_each(before, after).as_ratio(), _one_each(base, head)
        return Measured(ratio, difference, np.ones(len(base)), (before, after), sizes, "Mann–Whitney")
    ratio = Shifts.of(two_samples(*sides, alpha) for sides in zip(before, after, strict=True)).as_ratio()
    difference = Shifts.of(two_samples(*sides, alpha) for sides in zip(base, head, strict=True))
    p = np.array([mann_whitney(*sides) for sides in zip(base, head, strict=True)])
    return Measured(ratio, difference, p, (before, after), sizes, "Mann–Whitney")


def _one_each(base: Floats, head: Floats) -> Shifts:
    """Return what `two_samples` does of one value a side: their difference, and nothing of its interval."""
    estimate = subtract(head, base)[:, 0]
    nothing = np.full(estimate.shape, np.inf)
    return Shifts(estimate, -nothing, nothing)


@dataclass(frozen=True, slots=True)
class Family:
    """What false-discovery control over all that was compared found.

    Args:
        alpha: the share of false discoveries.
        level: the p-value that one more discovery would need.
    """

    alpha: float
    level: float


def judge_sampled(measured: Measured, q: Floats, family: Family, limits: Sequence[Limits]) -> list[Judgement]:
    """Apply the rule to each row: significant, and larger than every limit, or shown to be within them.

    Args:
        q: after false-discovery control (rows,).
        limits: of each row.
    """
    relative = np.array([one.relative for one in limits])
    bars = _Bars(np.log1p(relative), np.array([one.absolute for one in limits]))
    negligible = _negligible(measured.difference, bars)
    rulings = _rulings(measured, q <= family.alpha, bars, negligible)
    needed = np.zeros(rulings.shape, dtype=np.int64)
    unsure = rulings == _UNSURE
    needed[unsure] = _more(measured, unsure, bars, family)
    commits = measured.logs[0].shape[-1] if measured.method == "history" else 0
    ratio, confidence = measured.ratio, 1 - family.alpha
    columns = (ratio.estimate, ratio.low, ratio.high, measured.p, q, relative, needed, rulings, negligible)
    judged = []
    for bar, estimate, low, high, p, own_q, threshold, more, ruling, small in zip(
        limits, *map(np.ndarray.tolist, columns), strict=True
    ):
        effect = Effect(
            estimate,
            low,
            high,
            p,
            own_q,
            bar.noise_floor,
            exact=False,
            samples_needed=more,
            confidence=confidence,
            threshold=threshold,
            method=measured.method,
        )
        grounds = SampledGrounds(_VERDICTS[ruling], effect, bar, small, measured.sizes, commits)
        judged.append(Judgement(_VERDICTS[ruling], grounds, effect, more))
    return judged


@dataclass(frozen=True, slots=True, eq=False)
class _Bars:
    """Limits of several rows: `band` relative, as a logarithm; `absolute` in the base unit (rows,)."""

    band: Floats
    absolute: Floats


def _rulings(measured: Measured, significant: Bools, bars: _Bars, negligible: Bools) -> Counts:
    """Return the place in `_VERDICTS` of each row's (rows,)."""
    ratio, size = measured.ratio, np.abs(measured.difference.estimate)
    beyond = significant & (_distance(ratio.estimate) > bars.band) & (size > bars.absolute)
    within = (np.maximum(_distance(ratio.low), _distance(ratio.high)) <= bars.band) | negligible
    return np.select([beyond & (ratio.estimate > 1), beyond, within], [0, 1, 2], _UNSURE)


def _negligible(difference: Shifts, bars: _Bars) -> Bools:
    largest = np.maximum(np.abs(difference.low), np.abs(difference.high))
    small: Bools = (bars.absolute > 0) & (largest <= bars.absolute)
    return small


def _distance(ratio: Floats) -> Floats:
    """How far ratios are from 1: 2 and ½ alike."""
    with np.errstate(divide="ignore"):
        distance: Floats = np.abs(np.log(ratio))
    return distance


def _more(measured: Measured, rows: Bools, bars: _Bars, family: Family) -> Counts:
    """At least one more: what is there now did not settle it."""
    distance = _distance(measured.ratio.estimate[rows])
    logs = tuple(side[rows] for side in measured.logs)
    wanted = to_tell_ratio(logs, distance, bars.band[rows], family.level)
    return np.maximum(1, wanted - min(measured.sizes))
