"""Endings: an unknown share of executions ends badly on either side, so that flaky crashes work."""

import numpy as np

from pagewalk.analysis.bisection.likelihood import Likelihood
from pagewalk.analysis.bisection.observation import Search

RATES = np.linspace(0.025, 0.975, 20)
ALWAYS = np.full(20, 1 - 1e-4)
NEVER = np.full(60, 1e-4)
"""Half of all bad commits fail always, three quarters of good ones never; the rest is flaky."""


def outcome_likelihood(search: Search) -> Likelihood:
    """Return the likelihood of all endings, with rates of crashes as levels and nothing shared."""
    crashed = np.array([taken.observation.crashed for taken in search.taken])
    places = np.array([taken.place for taken in search.taken], dtype=np.int64)
    grids = (np.concatenate((NEVER, RATES)), np.concatenate((ALWAYS, RATES)), RATES)
    sides = (np.where(crashed[:, None], np.log(grid), np.log1p(-grid))[:, :, None] for grid in grids)
    good, bad, same = sides
    return Likelihood(places, good, bad, same, np.zeros(1))
