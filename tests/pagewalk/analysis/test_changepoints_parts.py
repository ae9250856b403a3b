"""The parts of the default method against independent implementations."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pagewalk.analysis.changepoints.fit import SHORTEST_SLOPE, Prices, Stretches, Sums
from pagewalk.analysis.changepoints.medians import median, running_median
from pagewalk.analysis.changepoints.noise import block_noise, despike, long_run_noise, point_noise
from pagewalk.analysis.changepoints.partition import CUTS, SHORTEST, partition
from pagewalk.analysis.changepoints.ranks import midranks, shift_p, trend_p

seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(1, 8), st.integers(1, 40))
@settings(max_examples=50, deadline=None)
def test_the_exact_test_of_a_shift_is_that_of_scipy(seed: int, shorter: int, longer: int) -> None:
    values = np.random.default_rng(seed).normal(size=shorter + longer)
    before, after = values[:shorter], values[shorter:]
    expected = stats.mannwhitneyu(before, after, method="exact").pvalue
    assert shift_p(before, after) == pytest.approx(expected)
    assert shift_p(after, before) == pytest.approx(expected)


@given(seeds, st.integers(9, 60), st.integers(9, 60))
@settings(max_examples=50, deadline=None)
def test_the_approximate_test_of_a_shift_is_that_of_scipy_ties_and_all(
    seed: int, left: int, right: int
) -> None:
    values = np.random.default_rng(seed).integers(0, 9, left + right).astype(np.float64)
    before, after = values[:left], values[left:]
    expected = stats.mannwhitneyu(before, after, method="asymptotic").pvalue
    assert shift_p(before, after) == pytest.approx(expected)


@given(st.lists(st.integers(-5, 5), max_size=40))
@settings(max_examples=50, deadline=None)
def test_ranks_are_those_of_scipy(values: list[int]) -> None:
    series = np.array(values, dtype=np.float64)
    assert midranks(series).tolist() == stats.rankdata(series).tolist()


FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)


@given(st.lists(FINITE | st.sampled_from([0.0, 1.0, 1.5]), min_size=1, max_size=60))
def test_a_median_is_that_of_numpy_to_the_last_bit(values: list[float]) -> None:
    assert median(np.array(values)) == np.median(values)


@given(st.lists(FINITE | st.sampled_from([0.0, 1.0]), min_size=7, max_size=60), st.sampled_from([1, 3, 7]))
def test_running_medians_are_those_of_numpy_to_the_last_bit(values: list[float], width: int) -> None:
    windows = [values[at : at + width] for at in range(len(values) - width + 1)]
    assert running_median(np.array(values), width).tolist() == [np.median(window) for window in windows]


def test_a_shift_among_equal_values_is_not_shown() -> None:
    assert shift_p(np.ones(20), np.ones(30)) == 1.0


@given(seeds, st.integers(4, 60))
@settings(max_examples=50, deadline=None)
def test_the_test_of_a_trend_is_that_of_scipy(seed: int, count: int) -> None:
    values = np.random.default_rng(seed).normal(size=count)
    assert trend_p(values) == pytest.approx(stats.spearmanr(np.arange(count), values).pvalue, rel=1e-6)


def test_a_trend_among_equal_values_is_not_shown() -> None:
    assert trend_p(np.ones(20)) == 1.0


def stretch(start: int, stop: int) -> Stretches:
    return Stretches.between(np.array(start), np.array(stop))


@given(seeds, st.integers(1, 30))
@settings(max_examples=50, deadline=None)
def test_running_sums_give_the_errors_of_a_least_squares_fit(seed: int, count: int) -> None:
    values = np.random.default_rng(seed).normal(size=count + 10)
    level, line = Sums.of(values).errors(stretch(5, 5 + count))
    here = values[5 : 5 + count]
    assert level == pytest.approx(((here - here.mean()) ** 2).sum(), abs=1e-9)
    if count >= SHORTEST_SLOPE:
        _, (residual, *_), *_ = np.polyfit(np.arange(count), here, 1, full=True)
        assert line == pytest.approx(residual, abs=1e-9)
    else:
        assert line == level


def brute_force(values: np.ndarray, prices: Prices, changes: int) -> float:
    """Return the least price of all partitions with at most `changes` changes."""
    sums = Sums.of(values)

    def price(cuts: tuple[int, ...]) -> float:
        edges = [0, *cuts, len(values)]
        pairs = list(itertools.pairwise(edges))
        if any(stop - start < SHORTEST for start, stop in pairs):
            return np.inf
        return sum(float(prices.cost(sums, stretch(start, stop))) for start, stop in pairs)

    inner = range(1, len(values))
    return min(price(cuts) for many in range(changes + 1) for cuts in itertools.combinations(inner, many))


@given(seeds, st.integers(4, 14))
@settings(max_examples=25, deadline=None)
def test_no_partition_is_cheaper_than_the_one_found(seed: int, count: int) -> None:
    values = np.random.default_rng(seed).normal(size=count) * 3
    prices = Prices(4.0, 3.0)
    cuts = partition(Sums.of(values), prices)
    sums, edges = Sums.of(values), [0, *cuts, count]
    found = sum(float(prices.cost(sums, stretch(a, b))) for a, b in itertools.pairwise(edges))
    assert found == pytest.approx(brute_force(values, prices, 3)) or len(cuts) > 3
    assert found <= brute_force(values, prices, 3) + 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_levels_are_cut_where_ruptures_cuts_them(seed: int) -> None:
    ruptures = pytest.importorskip("ruptures", reason="the independent implementation is not installed")
    generator = np.random.default_rng(seed)
    values = np.repeat(generator.normal(0, 5, 4), 35) + generator.normal(size=140)
    price = 3 * np.log(140)
    search = ruptures.Pelt(model="l2", min_size=SHORTEST, jump=1).fit(values)
    assert partition(Sums.of(values), Prices(price, np.inf)) == search.predict(pen=price)[:-1]


def test_a_series_of_more_values_than_places_is_cut_as_exactly() -> None:
    count = 5 * CUTS
    values = np.random.default_rng(2).normal(size=count)
    values[301:] += 4
    values[644:] -= 6
    assert partition(Sums.of(values), Prices(20.0, 20.0)) == [301, 644]


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_white_noise_is_as_large_over_blocks_as_from_point_to_point(seed: int) -> None:
    values = np.random.default_rng(seed).normal(0, 7, 5000)
    assert point_noise(values) == pytest.approx(7, rel=0.1)
    assert block_noise(values, 12) == pytest.approx(7, rel=0.4)


def test_steps_do_not_count_as_noise() -> None:
    values = np.random.default_rng(0).normal(size=400)
    values[200:] += 1000
    assert point_noise(despike(values, 2.0)) < 1.2
    assert long_run_noise(values) < 1.5


def test_a_random_walk_is_noisier_in_the_long_run() -> None:
    walk = np.random.default_rng(0).normal(size=400).cumsum()
    assert long_run_noise(walk) > 2 * point_noise(walk)


def test_despiking_leaves_a_step_and_takes_three_outliers() -> None:
    step = np.repeat([0.0, 10.0], 20)
    assert despike(step, 1.0) == pytest.approx(step)
    spiked = step.copy()
    spiked[8:11] = 99
    assert despike(spiked, 1.0) == pytest.approx(step, abs=1.0)
