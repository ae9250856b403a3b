"""Where the next execution goes, and what is believed before it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pagewalk.analysis.bisection.choice import most_telling
from pagewalk.analysis.bisection.likelihood import Predicted
from pagewalk.analysis.bisection.observation import Observation, Search, Taken
from pagewalk.analysis.bisection.posterior import Posterior, posterior
from pagewalk.analysis.bisection.sampled import sampled_likelihood

LAST = 32
Levels = float | NDArray[np.float64]


def flat(good: Levels, bad: Levels) -> Posterior:
    """A belief in which each candidate is as likely as another."""
    share = np.concatenate(([0.0], np.full(LAST, 1 / LAST)))
    ones = np.ones(LAST + 1)
    return Posterior(0.0, share, Predicted(good * ones, ones), Predicted(bad * ones, ones))


def test_where_both_levels_are_known_it_is_the_middle() -> None:
    assert most_telling(Search(LAST), flat(0.0, 2.0)) == LAST // 2


def test_a_step_ever_so_large_tells_no_more_than_one_bit() -> None:
    assert most_telling(Search(LAST), flat(0.0, 1e6)) == LAST // 2


def test_where_candidates_disagree_on_the_good_level_it_is_measured() -> None:
    level = np.where(np.arange(LAST + 1) % 2, -3.0, 3.0)
    assert most_telling(Search(LAST), flat(level, 0.0)) == 0


def test_a_commit_that_is_not_built_yet_must_tell_more() -> None:
    built = Search(LAST, (Taken(14, Observation(1.0)),), build_cost=5.0)
    assert most_telling(built, flat(0.0, 2.0)) == 14


@pytest.mark.parametrize("seed", range(3))
def test_a_search_read_backwards_is_the_same_search_backwards(seed: int) -> None:
    generator = np.random.default_rng(seed)
    places = [0, LAST, LAST, 0, 0, LAST, 16, 8, 12, 12, 20]
    values = [float(generator.normal(2.0 * (place >= 11), 1.0)) for place in places]

    def believed(backwards: bool) -> Posterior:
        taken = [
            Taken(LAST - place if backwards else place, Observation(value))
            for place, value in zip(places, values, strict=True)
        ]
        return posterior(sampled_likelihood(Search(LAST, tuple(taken))), LAST)

    there, back = believed(False), believed(True)
    # First bad at t of 1 … n is last good at t − 1: read backwards, first at n + 1 − t.
    assert back.first_bad[1:][::-1] == pytest.approx(there.first_bad[1:], abs=1e-9)
    assert back.no_step == pytest.approx(there.no_step)
    assert back.bad.mean[1:][::-1] == pytest.approx(there.good.mean[1:], abs=1e-9)
