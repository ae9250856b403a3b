"""Whether a sequence takes more at head than at base, by the rule of docs/verdict.md.

Counts that repeat need one execution a side. All others are first looked at in one turn, which tells most
sequences from those worth more; what seems to grow there is executed in turns of its own, and only these
are judged: who is chosen for a large first number must not be judged by it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.exact import declared_exact, judge_exact
from pagewalk.analysis.floors import absolute_floor
from pagewalk.analysis.limits import Limits
from pagewalk.analysis.ruling import Family, judge_sampled
from pagewalk.analysis.sampled import measure
from pagewalk.analysis.samples_needed import smallest_attainable
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.verdict import Judgement, Verdict
from pagewalk.model import Outcome, Run, Values
from pagewalk.units import unit_of_metric

Replay = Callable[[tuple[str, ...]], Run]
"""Executes a sequence once, given its arguments, at one revision on one runner."""

SPARE = 2
"""Turns beyond the fewest that could ever be significant: one may go the other way."""


@dataclass(frozen=True, slots=True)
class Scales:
    """What is weighed, and when it counts.

    Args:
        base: replays at the revision that head is compared with.
        metric: a name of `pagewalk.metrics`.
        growth: by what share more must be taken.
        candidates: how many sequences are weighed; they share the chance of a false alarm (Bonferroni).
    """

    base: Replay
    metric: str
    growth: float = 0.1
    candidates: int = 100


@dataclass(frozen=True, slots=True)
class Growth:
    """A growth that counts.

    Args:
        ratio: head to base, as estimated.
        low: the lower end of its interval; the ratio itself where counts repeat.
        text: for a person to read.
    """

    ratio: float
    low: float
    text: str


def weigh(scales: Scales, head: Replay, run: Run, arguments: tuple[str, ...]) -> Growth | None:
    """Return by how much a sequence takes more than at base; None where it does not, or cannot be told.

    Args:
        head: replays at the revision that is suspected.
        run: a first execution there.
    """
    after, before = _values(run, scales.metric), _values(scales.base(arguments), scales.metric)
    if after is None or before is None:
        return None
    if declared_exact(after) and declared_exact(before):
        judged = judge_exact(before.samples[0], after.samples[0], _limits(scales), 1 - _alpha())
        return _growth(judged, f"the {scales.metric}")
    if after.samples[0] < before.samples[0] * (1 + scales.growth / 2):
        return None
    return _over_turns(scales, head, arguments)


def turns(candidates: int) -> int:
    """Return in how many turns a candidate is judged whose numbers do not repeat."""
    return smallest_attainable(_alpha() / candidates, pairs=True) + SPARE


def _over_turns(scales: Scales, head: Replay, arguments: tuple[str, ...]) -> Growth | None:
    sides = (scales.base, head)
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(turns(scales.candidates)):
        # AB and BA by turns, so that a drift of the machine hits both alike
        for side in (0, 1) if number % 2 == 0 else (1, 0):
            values = _values(sides[side](arguments), scales.metric)
            if values is None:
                return None
            taken[side].append(values.samples[0])
    before, after = (np.array([values]) for values in taken)
    measured = measure(before, after, _alpha(), pairs=True)
    family = Family(_alpha(), _alpha() / scales.candidates)
    q = np.minimum(1.0, measured.p * scales.candidates)
    (judged,) = judge_sampled(measured, q, family, [_limits(scales)])
    return _growth(judged, f"the {scales.metric}, over {len(taken[0])} turns")


def _growth(judged: Judgement, what: str) -> Growth | None:
    if judged.verdict is not Verdict.REGRESSED or judged.effect is None:
        return None
    ratio, low = judged.effect.ratio, judged.effect.low
    sure = f" (at least {low:.3g})" if low < ratio else ""
    return Growth(ratio, low, f"{ratio:.3g} times{sure} {what}")


def _limits(scales: Scales) -> Limits:
    floor = absolute_floor(scales.metric, {})
    return Limits(scales.growth, math.nan, floor, unit_of_metric(scales.metric))


def _values(run: Run, metric: str) -> Values | None:
    """Return the one value that a run gave of a metric; None where it gave none, or did not end well."""
    if run.outcome is not Outcome.OK:
        return None
    found = (Values(metric, (s.value,), s.provenance) for s in run.samples if s.metric == metric)
    return next(found, None)


def _alpha() -> float:
    return Settings().alpha
