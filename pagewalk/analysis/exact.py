"""Counters that repeat to the last digit: no test, only a tolerance."""

import math

from pagewalk.analysis.limits import Limits
from pagewalk.analysis.verdict import Effect, Judgement, Verdict
from pagewalk.model import Precision, Values
from pagewalk.units import pair, percent


def declared_exact(values: Values) -> bool:
    """Return whether the counter source promised that these samples repeat."""
    return values.provenance is not None and values.provenance.precision is Precision.EXACT


def repeats(values: Values) -> bool:
    """Return whether all samples are the same number."""
    return len(set(values.samples)) == 1


def both_exact(base: Values, head: Values) -> bool:
    """Return whether two sides may be compared digit by digit."""
    return declared_exact(base) and declared_exact(head) and repeats(base) and repeats(head)


def judge_exact(base: float, head: float, limits: Limits, confidence: float) -> Judgement:
    """Judge two numbers of which every digit is real."""
    ratio = _ratio(base, head)
    if base == head:
        beyond, why = False, "the same count"
    elif abs(head - base) <= limits.absolute:
        beyond, why = False, f"no more than {limits.describe_absolute()}"
    elif _log_distance(ratio) <= limits.band * (1 + 1e-12):
        beyond, why = False, f"within {limits.describe()}"
    else:
        beyond, why = True, f"beyond {limits.describe()}"
    verdict = (Verdict.REGRESSED if head > base else Verdict.IMPROVED) if beyond else Verdict.SAME
    p = float(base == head)
    effect = Effect(
        ratio=ratio,
        low=ratio,
        high=ratio,
        p=p,
        q=p,
        noise_floor=limits.noise_floor,
        exact=True,
        confidence=confidence,
        threshold=limits.relative,
        method="exact",
    )
    return Judgement(verdict, f"{pair(base, head, limits.unit)}, {percent(ratio)} exactly: {why}", effect)


def _ratio(base: float, head: float) -> float:
    if base == head:
        return 1.0
    return head / base if base else math.inf


def _log_distance(ratio: float) -> float:
    return abs(math.log(ratio)) if 0 < ratio < math.inf else math.inf
