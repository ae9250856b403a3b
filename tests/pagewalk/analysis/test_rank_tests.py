"""Against scipy, and against counting every arrangement."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pagewalk.analysis.null_distribution import midranks
from pagewalk.analysis.rank_tests import mann_whitney, signed_rank

few = st.lists(st.integers(0, 6).map(float), min_size=1, max_size=5)


@given(st.lists(st.sampled_from([-np.inf, -1.5, 0.0, 2.0, 2.5, np.inf]), max_size=12))
def test_ranks_are_those_of_scipy_ties_and_infinities_included(values: list[float]) -> None:
    assert midranks(np.array(values)).tolist() == stats.rankdata(values).tolist()


def by_counting_arrangements(base: list[float], head: list[float]) -> float:
    """The two-sided permutation p-value of the rank sum, with nothing but its definition."""
    ranks = stats.rankdata(base + head)
    sums = [sum(ranks[list(chosen)]) for chosen in combinations(range(len(ranks)), len(base))]
    observed = sum(ranks[: len(base)])
    lower = np.mean([s <= observed + 1e-9 for s in sums])
    upper = np.mean([s >= observed - 1e-9 for s in sums])
    return min(1.0, 2 * min(lower, upper))


def by_counting_signs(differences: list[float]) -> float:
    ranks = stats.rankdata(np.abs(differences))[np.array(differences) != 0]
    observed = sum(r for r, d in zip(ranks, [d for d in differences if d], strict=True) if d > 0)
    sums = [
        sum(r * s for r, s in zip(ranks, signs, strict=True)) for signs in product([0, 1], repeat=len(ranks))
    ]
    lower = np.mean([s <= observed + 1e-9 for s in sums])
    upper = np.mean([s >= observed - 1e-9 for s in sums])
    return min(1.0, 2 * min(lower, upper))


@given(few, few)
def test_mann_whitney_counts_every_arrangement_even_where_samples_tie(
    base: list[float], head: list[float]
) -> None:
    assert mann_whitney(np.array(base), np.array(head)) == pytest.approx(by_counting_arrangements(base, head))


@given(st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=9))
def test_the_signed_rank_test_counts_every_sign_even_where_pairs_tie_or_do_not_differ(
    differences: list[float],
) -> None:
    assert signed_rank(np.array(differences)) == pytest.approx(by_counting_signs(differences))


@pytest.mark.parametrize(("n", "m"), [(5, 5), (10, 10), (8, 13), (20, 20), (50, 50)])
def test_mann_whitney_agrees_with_scipy_where_nothing_ties(n: int, m: int) -> None:
    rng = np.random.default_rng(n * m)
    base, head = rng.lognormal(size=n), rng.lognormal(0.4, size=m)
    expected = stats.mannwhitneyu(base, head, method="exact").pvalue
    assert mann_whitney(base, head) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("n", [6, 10, 25, 50])
def test_the_signed_rank_test_agrees_with_scipy_where_nothing_ties(n: int) -> None:
    differences = np.random.default_rng(n).normal(0.2, size=n)
    assert signed_rank(differences) == pytest.approx(
        stats.wilcoxon(differences, method="exact").pvalue, rel=1e-9
    )


def test_many_tied_samples_agree_with_the_tie_corrected_approximation_of_scipy() -> None:
    rng = np.random.default_rng(3)
    base, head = rng.poisson(4, 60).astype(float), rng.poisson(5, 55).astype(float)
    assert mann_whitney(base, head) == pytest.approx(
        stats.mannwhitneyu(base, head, method="asymptotic").pvalue, rel=1e-9
    )


def test_many_tied_pairs_agree_with_the_tie_corrected_approximation_of_scipy() -> None:
    differences = np.random.default_rng(4).integers(-3, 5, 60).astype(float)
    expected = stats.wilcoxon(differences, zero_method="pratt", correction=True, method="approx").pvalue
    assert signed_rank(differences) == pytest.approx(expected, rel=1e-9)


def test_samples_that_are_all_alike_show_nothing() -> None:
    assert mann_whitney(np.full(40, 3.0), np.full(40, 3.0)) == 1
    assert signed_rank(np.zeros(40)) == 1
