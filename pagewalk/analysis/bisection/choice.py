"""Which commit to measure next."""

import numpy as np

from pagewalk.analysis.bisection.likelihood import Array
from pagewalk.analysis.bisection.observation import Search
from pagewalk.analysis.bisection.posterior import Posterior

REFERENCE_EVERY = 16
"""One execution in so many at the least is at an end, though another may tell more: it shows drift."""


def most_telling(search: Search, belief: Posterior) -> int:
    """Return the place, an end or another, that tells most of where the step is for what it costs.

    The more the candidates disagree on the next number, compared to its noise, the more it tells
    (Hunter and Reiner 1965; in bits as for a normal channel). That is near the median of the posterior,
    as in probabilistic bisection (Horstein 1963; Waeber, Frazier and Henderson 2013), and, where a level
    rests on few executions, at a place that teaches this level. A commit that has to be built first
    must tell more.
    """
    places, measured = np.array(search.usable, dtype=np.int64), search.measured
    cost = np.array([1.0 + (0.0 if int(p) in measured else search.build_cost) for p in places])
    return int(places[np.argmax(_bits(belief)[places] / cost)])


def reference_due(search: Search) -> int | None:
    """Return the end that is to be measured now, the one measured less; None while it is not time."""
    recent = [taken.place for taken in search.taken[-(REFERENCE_EVERY - 1) :]]
    if any(place in (0, search.last) for place in recent):
        return None
    return lesser_end(search)


def lesser_end(search: Search) -> int:
    """Return the end with fewer executions; by turns first where both have as many: ABBA."""
    good, bad = (search.measured.get(end, 0) for end in (0, search.last))
    if good != bad:
        return 0 if good < bad else search.last
    return 0 if good % 2 == 0 else search.last


def _bits(belief: Posterior) -> Array:
    """Return what an execution at each place tells of the step, shape (n + 1,).

    The variance of what candidates predict has two parts. Whether the place is good or bad tells at
    most the entropy of that question, be the step ever so large; how candidates of one answer differ in
    its level comes on top.
    """
    share, good, bad = belief.first_bad, belief.good, belief.bad
    is_bad = belief.is_bad()
    is_good = 1 - is_bad
    # Of a candidate t up to a place the place is bad, of a later one it is good.
    bad_mean, good_mean = _mean_up_to(share, bad.mean), _mean_after(share, good.mean)
    noise = is_bad * _mean_up_to(share, bad.variance) + is_good * _mean_after(share, good.variance)
    centre = float(share @ (good.mean + bad.mean)) / 2
    squares = is_bad * _mean_up_to(share, (bad.mean - centre) ** 2)
    squares += is_good * _mean_after(share, (good.mean - centre) ** 2)
    between = is_bad * is_good * (bad_mean - good_mean) ** 2
    within = squares - is_bad * (bad_mean - centre) ** 2 - is_good * (good_mean - centre) ** 2
    state = np.minimum(_entropy(is_bad), np.log2(1 + between / noise) / 2)
    return np.asarray(state + np.log2(1 + np.maximum(within, 0.0) / noise) / 2)


def _mean_up_to(share: Array, of: Array) -> Array:
    """Return the mean over candidates up to each place, weighted by `share`."""
    return np.asarray(np.cumsum(share * of) / np.maximum(np.cumsum(share), 1e-300))


def _mean_after(share: Array, of: Array) -> Array:
    """Return the mean over candidates after each place, weighted by `share`; 0 after the last."""
    weight, total = (np.cumsum(x[::-1])[::-1] - x for x in (share, share * of))
    return np.asarray(np.where(weight > 1e-300, total / np.maximum(weight, 1e-300), 0.0))


def _entropy(probability: Array) -> Array:
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return np.asarray(-(p * np.log2(p) + (1 - p) * np.log2(1 - p)))
