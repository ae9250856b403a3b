"""`detect` on series whose answer is known, and what must hold for every series."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagewalk.analysis.changepoints import detect
from pagewalk.analysis.changepoints.method import Series


def steps(*levels: float, each: int = 60, noise: float = 1.0, seed: int = 0) -> Series:
    """Return `each` values at every one of `levels` under normal noise."""
    generator = np.random.default_rng(seed)
    return np.repeat(np.array(levels, dtype=np.float64), each) + generator.normal(
        0, noise, each * len(levels)
    )


seeds = st.integers(0, 2**32 - 1)
series_of_steps = st.builds(
    lambda levels, each, noise, seed: steps(*levels, each=each, noise=noise, seed=seed),
    st.lists(st.floats(-20, 20), min_size=1, max_size=4),
    st.integers(1, 50),
    st.sampled_from([0.5, 1.0]),
    seeds,
)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [1.0, 2.0, 3.0], [math.nan], [math.nan] * 50])
def test_too_little_to_tell_is_no_change(values: list[float]) -> None:
    assert detect(values) == []


@pytest.mark.parametrize("value", [0.0, 1.0, -3.5e-9, 1e300, 5e-324])
def test_a_constant_series_has_no_change(value: float) -> None:
    assert detect([value] * 200) == []


def test_rounding_of_one_value_is_no_change() -> None:
    assert detect([0.1 + 0.2] * 40 + [0.3] * 40) == []


def test_one_step_is_found_where_it_is() -> None:
    assert detect(steps(10.0, 13.0)) == [60]


def test_several_steps_are_found_where_they_are() -> None:
    assert detect(steps(0.0, 6.0, -4.0, 2.0)) == [60, 120, 180]


def test_a_step_in_exact_counts_is_found_however_small() -> None:
    assert detect([1_000_000.0] * 60 + [1_000_001.0] * 60) == [60]


def test_a_small_exact_step_beside_a_large_one_is_found() -> None:
    assert detect([100.0] * 40 + [101.0] * 40 + [90_000.0] * 40) == [40, 80]


def test_one_blip_in_exact_counts_is_no_change() -> None:
    values = [100.0] * 120
    values[70] = 250.0
    assert detect(values) == []


@pytest.mark.parametrize("run", [1, 2])
def test_one_or_two_outliers_in_a_row_are_no_change(run: int) -> None:
    values = steps(10.0, each=150)
    values[80 : 80 + run] += 30
    assert detect(values) == []


@pytest.mark.parametrize("length", [8, 15, 22])
def test_a_level_that_is_soon_left_for_the_one_before_is_no_change_for_good(length: int) -> None:
    values = steps(10.0, each=200)
    values[90 : 90 + length] += 8
    assert detect(values) == []


def test_an_excursion_is_a_change_while_it_lasts() -> None:
    values = steps(10.0, each=100)
    values[90:] += 8
    assert detect(values) == [90]


def test_a_short_level_between_two_others_is_a_change() -> None:
    assert detect(np.concatenate((steps(0.0, each=90), steps(8.0, each=15), steps(16.0, each=90)))) == [
        90,
        105,
    ]


def test_a_level_that_lasts_before_it_goes_back_is_two_changes() -> None:
    assert detect(steps(0.0, 6.0, 0.0)) == [60, 120]


def test_three_values_are_enough_for_a_large_step_at_the_end() -> None:
    values = steps(100.0, each=150)
    values[-3:] += 8
    assert detect(values) == [147]


@pytest.mark.parametrize("run", [1, 2])
def test_one_or_two_values_at_the_end_are_not_yet_a_change(run: int) -> None:
    values = steps(100.0, each=150)
    values[-run:] += 8
    assert detect(values) == []


def test_a_straight_drift_is_no_change() -> None:
    assert detect(steps(0.0, each=300) + np.linspace(0, 20, 300)) == []


def test_a_bend_is_a_change() -> None:
    bent = steps(0.0, each=200) + np.concatenate((np.zeros(100), np.linspace(0, 30, 100)))
    (bend,) = detect(bent)
    assert abs(bend - 100) <= 12


def test_a_step_on_a_drift_is_found() -> None:
    values = steps(0.0, each=200) + np.linspace(0, 10, 200)
    values[120:] += 8
    (step,) = detect(values)
    assert abs(step - 120) <= 2


def test_more_noise_on_the_same_level_is_no_change() -> None:
    quiet, loud = steps(10.0, each=100, noise=0.5), steps(10.0, each=100, noise=2.0, seed=1)
    assert detect(np.concatenate((quiet, loud))) == []


def test_two_modes_in_turn_are_no_change() -> None:
    generator = np.random.default_rng(4)
    values = steps(10.0, each=200, noise=0.1) + np.where(generator.random(200) < 0.2, 1.0, 0.0)
    assert detect(values) == []


def test_indices_count_missing_values() -> None:
    values = [math.nan, *steps(10.0, 16.0, each=30)]
    assert detect(values) == [31]


def test_infinities_are_missing_values() -> None:
    values = steps(10.0, 16.0, each=30).tolist()
    assert detect([*values[:10], math.inf, -math.inf, *values[10:]]) == [32]


def test_values_as_large_as_floats_go_do_not_overflow() -> None:
    values = steps(-9.0, 9.0, each=50, noise=0.1)
    assert detect(values / 10 * np.finfo(np.float64).max) == [50]


def test_a_table_is_refused_with_its_shape() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 2\)"):
        detect(np.ones((2, 2)))


@given(series_of_steps)
@settings(max_examples=40, deadline=None)
def test_changes_ascend_and_lie_inside(values: Series) -> None:
    changes = detect(values)
    assert changes == sorted(set(changes))
    assert all(0 < at < len(values) for at in changes)


@given(series_of_steps, st.integers(-20, 20))
@settings(max_examples=40, deadline=None)
def test_the_unit_does_not_matter(values: Series, exponent: int) -> None:
    assert detect(values * 2.0**exponent) == detect(values)


@given(series_of_steps)
@settings(max_examples=40, deadline=None)
def test_the_sign_does_not_matter(values: Series) -> None:
    assert detect(-values) == detect(values)


@pytest.mark.parametrize("offset", [-1e6, -1000.0, 0.0, 1000.0, 1e6])
def test_the_zero_does_not_matter_where_steps_stand_out(offset: float) -> None:
    assert detect(steps(0.0, 8.0, -8.0) + offset) == [60, 120]


def test_a_small_part_of_the_level_is_no_change_unless_it_stands_out_of_the_noise() -> None:
    shape = steps(0.0, 1.5, each=100)
    assert detect(shape) == [100]
    assert detect(1000 + shape) == []
    assert detect(1000 + 4 * steps(0.0, 1.5, each=100, noise=0.2)) == [100]


def test_a_step_is_seen_across_an_excursion_that_splits_its_level() -> None:
    values = steps(100.0, 101.2, each=100, seed=3)
    split = values.copy()
    split[40:55] += 9
    split[140:155] += 9
    for shape in (values, split):
        (step,) = detect(shape)
        assert abs(step - 100) <= 5


@given(series_of_steps, st.data())
@settings(max_examples=40, deadline=None)
def test_missing_values_only_move_the_indices(values: Series, data: st.DataObject) -> None:
    at = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=20)))
    gappy = np.insert(values, at, np.nan)
    kept = np.flatnonzero(~np.isnan(gappy))
    assert detect(gappy) == [kept[change] for change in detect(values)]


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 300))
@settings(max_examples=40, deadline=None)
def test_equal_values_never_change(value: float, count: int) -> None:
    assert detect([value] * count) == []


@given(st.lists(st.floats(), max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_floats_at_all_are_taken(values: list[float]) -> None:
    assert all(math.isfinite(values[at]) for at in detect(values))


def test_shuffling_a_step_away_leaves_no_change() -> None:
    # seeds of our own: among enough of anybody's one in some hundreds would show a change by chance
    shapes = (np.random.default_rng(seed).permutation(steps(10.0, 12.0, each=100)) for seed in range(30))
    assert [detect(shape) for shape in shapes] == [[]] * 30
