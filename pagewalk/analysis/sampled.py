"""Numbers that differ from execution to execution: an estimate, a test, and the rule."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pagewalk.analysis.hodges_lehmann import Shift, logarithms, paired, subtract, two_samples
from pagewalk.analysis.limits import Limits
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.rank_tests import mann_whitney, signed_rank
from pagewalk.analysis.samples_needed import HOPELESS, to_tell_ratio
from pagewalk.analysis.verdict import Effect, Judgement, Verdict
from pagewalk.units import change, interval, number

Method = Literal["Mann–Whitney", "signed-rank", "history"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What two sets of samples say, before all other comparisons are known.

    Args:
        ratio: head over base with its interval.
        difference: head − base in the base unit, with its interval.
        p: of the test.
        logs: of each side; one array of differences where paired.
        sizes: samples before and after.
    """

    ratio: Shift
    difference: Shift
    p: float
    logs: tuple[Floats, ...]
    sizes: tuple[int, int]
    method: Method


def measure(base: tuple[float, ...], head: tuple[float, ...], alpha: float, *, pairs: bool) -> Measured:
    """Estimate and test the change from `base` (n,) to `head` (m,), at least one value each.

    Args:
        pairs: the i-th sample of either side was taken in the same turn; n equals m.
    """
    before, after = np.asarray(base, dtype=float), np.asarray(head, dtype=float)
    sizes = (before.size, after.size)
    if pairs:
        turns = subtract(logarithms(after), logarithms(before))
        ratio, difference = paired(turns, alpha).as_ratio(), paired(after - before, alpha)
        return Measured(ratio, difference, signed_rank(turns), (turns,), sizes, "signed-rank")
    logs = (logarithms(before), logarithms(after))
    ratio, difference = two_samples(*logs, alpha).as_ratio(), two_samples(before, after, alpha)
    return Measured(ratio, difference, mann_whitney(before, after), logs, sizes, "Mann–Whitney")


@dataclass(frozen=True, slots=True)
class Family:
    """What false-discovery control over all that was compared found.

    Args:
        alpha: the share of false discoveries.
        level: the p-value that one more discovery would need.
    """

    alpha: float
    level: float


def judge_sampled(measured: Measured, q: float, family: Family, limits: Limits) -> Judgement:
    """Apply the rule: significant, and larger than every limit, or shown to be within them."""
    verdict = _verdict(measured, q <= family.alpha, limits)
    needed = _more(measured, family, limits) if verdict is Verdict.UNSURE else 0
    effect = Effect(
        ratio=measured.ratio.estimate,
        low=measured.ratio.low,
        high=measured.ratio.high,
        p=measured.p,
        q=q,
        noise_floor=limits.noise_floor,
        exact=False,
        samples_needed=needed,
        confidence=1 - family.alpha,
        threshold=limits.relative,
        method=measured.method,
    )
    return Judgement(verdict, _evidence(verdict, effect, measured, limits), effect, needed)


def _verdict(measured: Measured, significant: bool, limits: Limits) -> Verdict:
    ratio, difference = measured.ratio, measured.difference
    if significant and _distance(ratio.estimate) > limits.band and abs(difference.estimate) > limits.absolute:
        return Verdict.REGRESSED if ratio.estimate > 1 else Verdict.IMPROVED
    if max(_distance(ratio.low), _distance(ratio.high)) <= limits.band or _below_floor(difference, limits):
        return Verdict.SAME
    return Verdict.UNSURE


def _below_floor(difference: Shift, limits: Limits) -> bool:
    return limits.absolute > 0 and max(abs(difference.low), abs(difference.high)) <= limits.absolute


def _distance(ratio: float) -> float:
    """How far a ratio is from 1: 2 and ½ alike."""
    return abs(math.log(ratio)) if 0 < ratio < math.inf else math.inf


def _more(measured: Measured, family: Family, limits: Limits) -> int:
    """At least one more: what is there now did not settle it."""
    distance = _distance(measured.ratio.estimate)
    wanted = to_tell_ratio(measured.logs, distance, limits.band, family.level)
    return max(1, wanted - min(measured.sizes))


def _evidence(verdict: Verdict, effect: Effect, measured: Measured, limits: Limits) -> str:
    size = f"{change(effect.ratio)}, {number(effect.confidence * 100, 2)} % interval "
    size += f"{interval(effect.low, effect.high)}"
    n, m = measured.sizes
    test = f"q = {number(effect.q, 2)} by {effect.method} over {n} and {m} samples"
    if measured.method == "history":
        test = f"q = {number(effect.q, 2)} by how far {measured.logs[0].size} commits before strayed"
    if verdict is Verdict.SAME:
        inside = (
            limits.describe_absolute() if _below_floor(measured.difference, limits) else limits.describe()
        )
        return f"{size}: within {inside}; {test}"
    if verdict is Verdict.UNSURE:
        return (
            f"{size}: not settled against {limits.describe()}; {test}; {needed_text(effect.samples_needed)}"
        )
    return f"{size}: beyond {limits.describe()}; {test}"


def needed_text(more: int) -> str:
    """Say how many more samples would settle it, and when samples alone will not."""
    if more >= HOPELESS:
        return f"{HOPELESS} or more samples a side would be needed: quieten the machine first"
    return f"about {more} more a side would settle it"
