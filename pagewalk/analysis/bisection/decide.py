"""One step of a bisection: from all executions so far to the next one, or to the answer."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import log2

import numpy as np

from pagewalk.analysis.bisection import exact
from pagewalk.analysis.bisection.answer import Answer, Kind, Measure, Status
from pagewalk.analysis.bisection.choice import lesser_end, most_telling, reference_due
from pagewalk.analysis.bisection.effect import ALPHA, effect, other_levels
from pagewalk.analysis.bisection.likelihood import Array
from pagewalk.analysis.bisection.observation import Search
from pagewalk.analysis.bisection.outcomes import outcome_likelihood
from pagewalk.analysis.bisection.posterior import Posterior, posterior
from pagewalk.analysis.bisection.sampled import numbers, sampled_likelihood, spread
from pagewalk.analysis.hodges_lehmann import two_samples

ENDS = 3
"""Executions of each end before sampled numbers are judged."""
DOUBT = 0.1
"""Probability of no difference above which only the ends are measured."""
PATIENCE = 12
"""Executions of each end after which endings that still do not differ are called alike."""
OVERCONFIDENT = 1.5
"""Grids of levels and noise are laid around the same executions that they are judged by: what a posterior
of numbers leaves to doubt has to be that many times smaller than what is asked for."""
COST = 100.0
"""A step of d noise deviations among 256 commits takes about COST / d² executions."""


def decide(search: Search) -> Measure | Answer:
    """Return what to do next. A pure function: the same executions give the same step."""
    kind = kind_of(search)
    if kind is None:
        return Measure(lesser_end(search))
    if not search.left:
        return _out_of_budget(search, kind)
    if kind is Kind.OUTCOME:
        return _by_posterior(search, kind)
    search = _with_numbers(search)
    return _exact(search) if kind is Kind.EXACT else _by_posterior(search, kind)


def kind_of(search: Search) -> Kind | None:
    """Return what is bisected; None while the ends are not known well enough to tell."""
    good, bad = search.at(0), search.at(search.last)
    if min(len(good), len(bad)) < 2:
        return None
    if not all(any(o.value is not None for o in end) for end in (good, bad)) or _crashes_more(search):
        return Kind.OUTCOME
    if min(sum(o.value is not None for o in end) for end in (good, bad)) < 2:
        return None if search.left else Kind.OUTCOME
    return Kind.EXACT if exact.repeats(search) else Kind.SAMPLED


def _crashes_more(search: Search) -> bool:
    good, bad = (search.at(end) for end in (0, search.last))
    share = [sum(o.crashed for o in end) / len(end) for end in (good, bad)]
    return share[1] >= share[0] + 0.5


def _with_numbers(search: Search) -> Search:
    """Treat a place that crashes where the others give numbers as one that does not build: no blame."""
    mute = {t.place for t in search.taken} - {
        t.place for t in search.taken if t.observation.value is not None
    }
    return replace(search, skipped=search.skipped | mute)


def _exact(search: Search) -> Measure | Answer:
    found = exact.bracket(search)
    good, bad = search.at(0), search.at(search.last)
    if good[0].value == bad[0].value:
        if min(len(good), len(bad)) < ENDS and not good[0].exact:
            return Measure(lesser_end(search))
        return _not_reproduced(search, Kind.EXACT, "both gave the same number every time")
    belief = _uniform(search.last, found.after, found.up_to)
    place = exact.middle(search, found)
    if place is None:
        place = exact.unconfirmed(search, found)
    if place is not None:
        steps = int(log2(found.up_to - found.after) + 0.999) + 2
        return Measure(place, belief, steps)
    several = "" if found.alone else "other commits changed it as well; this is the largest step"
    return _answer(search, Kind.EXACT, (found.after, found.up_to), 1.0, belief, several)


def _by_posterior(search: Search, kind: Kind) -> Measure | Answer:
    counts = search.measured
    fewest = min(counts.get(0, 0), counts.get(search.last, 0))
    if kind is Kind.SAMPLED and fewest < ENDS:
        return Measure(lesser_end(search))
    belief = _belief(search, kind)
    shown = belief.first_bad.tolist()
    if belief.no_step > DOUBT:
        if reason := _hopeless(search, kind, fewest):
            return _not_reproduced(search, kind, reason)
        return Measure(lesser_end(search), (), _remaining(search, belief, kind))
    groups = list(pairwise(search.usable))
    best = max(groups, key=lambda group: belief.between(*group))
    if 1 - belief.between(*best) <= (1 - search.confidence) / _caution(kind):
        several = ""
        if kind is Kind.SAMPLED and other_levels(search, *best):
            several = "other commits changed it as well; this is one of the steps"
        return _answer(search, kind, best, belief.between(*best), shown, several)
    place = reference_due(search) if kind is Kind.SAMPLED else None
    if place is None:
        place = most_telling(search, belief)
    return Measure(place, shown, _remaining(search, belief, kind))


def _caution(kind: Kind) -> float:
    return OVERCONFIDENT if kind is Kind.SAMPLED else 1.0


def _belief(search: Search, kind: Kind) -> Posterior:
    likelihood = outcome_likelihood(search) if kind is Kind.OUTCOME else sampled_likelihood(search)
    return posterior(likelihood, search.last)


def _hopeless(search: Search, kind: Kind, fewest: int) -> str:
    """Say why no search would end within the budget; empty while one might."""
    if kind is Kind.OUTCOME:
        good, bad = ([o.crashed for o in search.at(end)] for end in (0, search.last))
        counted = f"{sum(good)} of {len(good)} at good and {sum(bad)} of {len(bad)} at bad ended badly"
        given = [sum(o.value is not None for o in search.at(end)) for end in (0, search.last)]
        counted += f"; {given[0]} and {given[1]} gave a finite number"
        return counted if fewest >= PATIENCE or (fewest >= 4 and all(good) and all(bad)) else ""
    if fewest < 8:
        return ""
    places, values = numbers(search)
    ends = values[places == 0], values[places == search.last]
    shift = two_samples(*ends, ALPHA)
    largest = max(abs(shift.low), abs(shift.high)) / spread(ends)
    if _executions(largest, search.last) > search.left or fewest * 4 > search.budget:
        return f"after {fewest} executions of each, any difference is too small to be found within the budget"
    return ""


def _executions(deviations: float, last: int) -> float:
    return COST / max(deviations, 1e-9) ** 2 * max(1.0, log2(last)) / 8


def _remaining(search: Search, belief: Posterior, kind: Kind) -> int:
    """Bits that are missing, over what an execution has told of late; never more than the budget."""
    p = belief.first_bad[belief.first_bad > 0]
    bits = float(-(p * np.log2(p)).sum())
    per_bit = 4.0 if kind is Kind.SAMPLED else 1.2
    return min(search.left, int(bits * per_bit + 6))


def _answer(  # noqa: PLR0913, PLR0917 - the parts of an answer
    search: Search, kind: Kind, group: tuple[int, int], mass: float, belief: Sequence[float], several: str
) -> Answer:
    after, up_to = group
    status = Status.RANGE if up_to - after > 1 else Status.FOUND
    size, relative = effect(search, after, up_to) if kind is not Kind.OUTCOME else (None, True)
    status = Status.SEVERAL if several else status
    return Answer(status, kind, after, up_to, mass, belief, size, relative, several)


def _not_reproduced(search: Search, kind: Kind, reason: str) -> Answer:
    size, relative = effect(search, 0, search.last) if kind is not Kind.OUTCOME else (None, True)
    belief = _uniform(search.last, 0, search.last)
    return Answer(Status.NOT_REPRODUCED, kind, 0, search.last, 0.0, belief, size, relative, reason)


def _out_of_budget(search: Search, kind: Kind) -> Answer:
    if kind is not Kind.OUTCOME:
        search = _with_numbers(search)
    counts = search.measured
    if kind is Kind.EXACT:
        found = exact.bracket(search)
        after, up_to = found.after, found.up_to
        belief = _uniform(search.last, after, up_to)
    elif min(counts.get(0, 0), counts.get(search.last, 0)) < ENDS and kind is Kind.SAMPLED:
        after, up_to, belief = 0, search.last, _uniform(search.last, 0, search.last)
    else:
        known = _belief(search, kind)
        belief = known.first_bad.tolist()
        after, up_to = _credible(known.first_bad, search.usable, search.confidence)
    mass = float(sum(belief[after + 1 : up_to + 1]))
    size, relative = effect(search, after, up_to) if kind is not Kind.OUTCOME else (None, True)
    reason = "the budget is used up; give a larger --budget to go on from here"
    return Answer(Status.BUDGET, kind, after, up_to, mass, belief, size, relative, reason)


def _credible(first_bad: Array, usable: Sequence[int], confidence: float) -> tuple[int, int]:
    """Return the shortest (after, up_to] between usable places that holds `confidence` of the mass."""
    total = np.cumsum(first_bad)
    places = np.asarray(usable)
    # The mass only grows: the nearest end that is far enough is found by halving, not by trying all pairs.
    ends = np.searchsorted(total[places], total[places] + confidence - 1e-9)
    pairs = [(int(a), int(places[e])) for a, e in zip(places, ends, strict=True) if e < len(places)]
    return min(pairs, key=lambda pair: pair[1] - pair[0], default=(0, len(total) - 1))


def _uniform(last: int, after: int, up_to: int) -> list[float]:
    share = 1 / (up_to - after)
    return [share if after < place <= up_to else 0.0 for place in range(last + 1)]
