"""The estimate by its definition, the interval by inverting the test it belongs to."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagewalk.analysis.hodges_lehmann import logarithms, paired, subtract, two_samples
from pagewalk.analysis.rank_tests import mann_whitney, signed_rank

values = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=12)
ALPHA = 0.05


@given(values, values)
def test_the_shift_between_samples_is_the_median_of_all_differences(
    base: list[float], head: list[float]
) -> None:
    expected = np.median([h - b for h in head for b in base])
    assert two_samples(np.array(base), np.array(head), ALPHA).estimate == pytest.approx(expected)


@given(values)
def test_the_centre_of_pairs_is_the_median_of_all_walsh_averages(differences: list[float]) -> None:
    expected = np.median([(a + b) / 2 for a, b in combinations_with_replacement(differences, 2)])
    assert paired(np.array(differences), ALPHA).estimate == pytest.approx(expected)


@settings(deadline=None)
@given(st.integers(4, 14), st.integers(4, 14), st.integers(0, 10**6))
def test_the_interval_holds_exactly_the_shifts_that_mann_whitney_does_not_reject(
    n: int, m: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    base, head = rng.standard_t(2, n), rng.standard_t(2, m)
    shift = two_samples(base, head, ALPHA)
    for theta in rng.uniform(-4, 4, 10):
        accepted = mann_whitney(base, head - theta) > ALPHA
        assert accepted == (shift.low < theta < shift.high)


@settings(deadline=None)
@given(st.integers(6, 20), st.integers(0, 10**6))
def test_the_interval_holds_exactly_the_centres_that_the_signed_rank_test_does_not_reject(
    n: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    differences = rng.standard_t(2, n)
    shift = paired(differences, ALPHA)
    for theta in rng.uniform(-4, 4, 10):
        assert (signed_rank(differences - theta) > ALPHA) == (shift.low < theta < shift.high)


def test_too_few_samples_have_no_interval_rather_than_a_short_one() -> None:
    shift = two_samples(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0]), ALPHA).as_ratio()
    assert (shift.low, shift.high) == (0, np.inf)


def test_a_quarter_of_wild_samples_does_not_move_the_estimate_far() -> None:
    rng = np.random.default_rng(1)
    base, head = rng.normal(100, 1, 20), rng.normal(110, 1, 20)
    head[:5] = 1e9
    assert two_samples(base, head, ALPHA).estimate == pytest.approx(10, abs=2)


def test_no_misses_before_and_after_is_no_change_and_some_after_none_is_infinitely_more() -> None:
    zeros, ones = np.zeros(8), np.ones(8)
    assert two_samples(logarithms(zeros), logarithms(zeros), ALPHA).as_ratio().estimate == 1
    assert two_samples(logarithms(zeros), logarithms(ones), ALPHA).as_ratio().estimate == np.inf
    assert paired(subtract(logarithms(zeros), logarithms(ones)), ALPHA).as_ratio().estimate == 0


@pytest.mark.parametrize(("n", "m"), [(5, 5), (10, 10), (30, 12)])
def test_the_interval_covers_the_truth_at_least_as_often_as_it_says(n: int, m: int) -> None:
    rng = np.random.default_rng(n + m)
    covered = 0
    for _ in range(2000):
        shift = two_samples(rng.standard_t(3, n), 0.5 + rng.standard_t(3, m), ALPHA)
        covered += shift.low <= 0.5 <= shift.high
    assert 0.94 <= covered / 2000 <= 0.985
