"""Endings: an unknown share of executions ends badly on either side, so that flaky crashes work."""

import numpy as np
from numpy.typing import NDArray

from pagewalk.analysis.bisection.likelihood import Array, Likelihood, Side
from pagewalk.analysis.bisection.observation import Search

RATES = np.linspace(0.025, 0.975, 20)
ALWAYS = np.full(20, 1 - 1e-4)
NEVER = np.full(60, 1e-4)
"""Half of all bad commits fail always, three quarters of good ones never; the rest is flaky."""


def outcome_likelihood(search: Search) -> Likelihood:
    """Return the likelihood of all endings, with rates of crashes as levels and nothing shared."""
    crashed = np.array([taken.observation.crashed for taken in search.taken])
    places = np.array([taken.place for taken in search.taken], dtype=np.int64)
    good, bad, same = (
        _side(crashed, grid)
        for grid in (np.concatenate((NEVER, RATES)), np.concatenate((ALWAYS, RATES)), RATES)
    )
    shape = (len(good.levels), len(bad.levels), 1)
    return Likelihood(
        places, good, bad, same, np.full(shape, 1 / (shape[0] * shape[1])), 1 / len(RATES), np.zeros(1)
    )


def _side(crashed: NDArray[np.bool_], rates: Array) -> Side:
    density = np.where(crashed[:, None], np.log(rates), np.log1p(-rates))[:, :, None]
    return Side(rates, density, (rates * (1 - rates))[:, None])
