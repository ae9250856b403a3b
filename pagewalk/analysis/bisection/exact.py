"""Exact counters: the same commit gives the same number, so that every execution halves what is left."""

from dataclasses import dataclass
from itertools import pairwise

from pagewalk.analysis.bisection.observation import Search

OTHER_STEPS = 0.1
"""Share of the whole difference that other steps may add up to before they are told."""

REPEATS = 3
"""Executions of both ends, and of both sides of the step, that must agree before a commit is named."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """Two measured places with the largest difference between neighbours.

    Args:
        alone: whether all other differences are small beside the whole one.
    """

    after: int
    up_to: int
    alone: bool


def repeats(search: Search) -> bool:
    """Whether every place gave one number only, and both ends were asked twice."""
    values: dict[int, list[float]] = {}
    for taken in search.taken:
        if taken.observation.value is not None:
            values.setdefault(taken.place, []).append(taken.observation.value)
    ends = all(len(values.get(end, [])) >= 2 for end in (0, search.last))
    return ends and all(len(set(found)) == 1 for found in values.values())


def bracket(search: Search) -> Bracket:
    """Return where the largest step is."""
    levels = {t.place: t.observation.value for t in search.taken if t.observation.value is not None}
    places = sorted(levels)
    gaps = {pair: abs(levels[pair[1]] - levels[pair[0]]) for pair in pairwise(places)}
    largest = max(gaps, key=lambda pair: gaps[pair])
    rest = sum(gaps.values()) - gaps[largest]
    whole = abs(levels[search.last] - levels[0])
    return Bracket(*largest, alone=rest <= OTHER_STEPS * whole)


def middle(search: Search, found: Bracket) -> int | None:
    """Return the usable place nearest to the middle of a bracket; None where there is none."""
    inside = [place for place in search.usable if found.after < place < found.up_to]
    centre = (found.after + found.up_to) / 2
    return min(inside, key=lambda place: abs(place - centre), default=None)


def unconfirmed(search: Search, found: Bracket) -> int | None:
    """Return an end, or a side of the bracket, that has not repeated itself often enough yet.

    A coarse clock repeats by chance what noise will change: a counter that says it is exact may be. All
    places between were executed once, and one misread there would have led astray.
    """
    seen = {place: search.at(place) for place in (found.after, found.up_to, 0, search.last)}
    open_ = [place for place, runs in seen.items() if len(runs) < REPEATS and not runs[0].exact]
    return min(open_, key=lambda place: len(seen[place]), default=None)
