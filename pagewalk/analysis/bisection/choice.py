"""Which commit to measure next."""

import numpy as np
from numpy.typing import NDArray

from pagewalk.analysis.bisection.likelihood import Array
from pagewalk.analysis.bisection.observation import Search
from pagewalk.analysis.bisection.posterior import Posterior

REFERENCE_EVERY = 12
"""One execution in so many is at an end: it teaches the levels, and shows a machine that drifts."""


def most_telling(search: Search, belief: Posterior) -> int:
    """Return the place whose state is least known for what it costs to learn.

    An execution tells at most the entropy of "is it bad?", and for all channels alike tells most where
    that is largest: the median of the posterior, as in probabilistic bisection (Horstein 1963; Waeber,
    Frazier and Henderson 2013). A commit that has to be built first must tell more.
    """
    inner = np.array([place for place in search.usable if 0 < place < search.last], dtype=np.int64)
    measured = search.measured
    cost = np.array([1.0 + (0.0 if int(p) in measured else search.build_cost) for p in inner])
    return int(inner[np.argmax(_entropy(belief.is_bad()[inner]) / cost)]) if inner.size else search.last


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


def _entropy(probability: Array) -> NDArray[np.float64]:
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return np.asarray(-(p * np.log2(p) + (1 - p) * np.log2(1 - p)))
