"""What the past of a series says of two of its values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pagewalk.analysis.history_floor import Strays, change, floor_from_history, strays, usual
from pagewalk.analysis.single_values import judge_with_past, widths_of
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Values

TOLD = {Verdict.REGRESSED, Verdict.IMPROVED}
SERIES = st.lists(st.floats(0.5, 2.0), min_size=25, max_size=80)


def noisy(size: float, count: int = 120, seed: int = 1) -> list[float]:
    return list(np.exp(size * np.random.default_rng(seed).standard_normal(count)))


def noise_of(past: list[float]) -> Strays:
    return strays(np.log(np.array([past])))


@given(past=SERIES, factor=st.floats(1e-9, 1e9))
def test_the_unit_of_a_series_changes_no_floor(past: list[float], factor: float) -> None:
    assert floor_from_history([value * factor for value in past]) == pytest.approx(
        floor_from_history(past), rel=1e-6, abs=1e-5
    )


def test_the_tail_index_is_half_way_from_hills_as_scipy_fits_it_to_what_is_usual() -> None:
    noise = noise_of(noisy(0.02, 101))
    (sizes,) = noise.sizes
    fitted, _, _ = stats.pareto.fit(sizes[-20:], floc=0, fscale=sizes[-21])
    assert noise.index.item() == pytest.approx((1 / fitted + 0.4) / 2, rel=1e-6)


@given(past=SERIES)
def test_a_level_is_the_median_of_eleven(past: list[float]) -> None:
    (levels,) = usual(np.array([past]))
    assert levels[12] == np.median(past[2:13])
    assert levels[-1] == np.median(past[-11:])


def test_a_change_from_the_level_is_one_only_where_the_base_bears_it_out() -> None:
    base, head = np.array([0.0, 0.1, -0.04, 0.04, 0.2]), np.full(5, 0.1)
    assert change(base, np.zeros(5), head).tolist() == [0.1, 0.0, 0.1, 0.1, 0.0]


def test_a_step_that_the_base_took_already_is_not_told_again() -> None:
    past = noisy(0.005)
    assert judge_with_past([1.3], [1.301], past).verdict not in TOLD
    assert judge_with_past([1.0], [1.3], past).verdict is Verdict.REGRESSED


def test_a_value_is_told_less_easily_the_wider_its_own_run_was() -> None:
    past = noisy(0.01)
    floors = [floor_from_history(past, width=width) for width in (0.001, 0.02, 0.1)]
    assert floors == sorted(floors, key=lambda floor: floor or 0)
    assert judge_with_past([1.0], [1.1], past).verdict is Verdict.REGRESSED
    assert judge_with_past([1.0], [1.1], past, width=0.12).verdict not in TOLD


def test_quartiles_give_a_width_that_no_unit_changes() -> None:
    told = [Values("time", (1.0,), quartiles=ends) for ends in ((0.9, 1.1), (9e9, 11e9), None, (0.0, 1.0))]
    assert widths_of(told).tolist() == pytest.approx([math.log(1.1 / 0.9)] * 2 + [0, 0])
    assert not widths_of([]).size


@given(past=SERIES, p=st.floats(0.001, 0.19))
def test_beyond_the_size_of_a_p_value_nothing_is_less_sure_than_that(past: list[float], p: float) -> None:
    noise = noise_of(past)
    assert noise.p(noise.size(p) * (1 + 1e-9)).item() <= p * (1 + 1e-6)


@given(past=SERIES)
def test_a_larger_change_is_never_less_sure(past: list[float]) -> None:
    noise = noise_of(past)
    ps = [noise.p(np.array([size])).item() for size in np.linspace(0, 3, 60)]
    assert ps == sorted(ps, reverse=True)
    assert all(0 <= p <= 1 for p in ps)


@pytest.mark.parametrize("past", [[], [1.0], [1.0] * 19, [math.nan] * 50, [0.0] * 50, [math.inf] * 50])
def test_a_past_that_says_nothing_gives_no_floor_rather_than_none_at_all(past: list[float]) -> None:
    assert floor_from_history(past) is None
    assert judge_with_past([1.0], [1.5], past).verdict is Verdict.UNSURE


def test_a_series_that_never_moved_tells_any_change_beyond_the_threshold() -> None:
    past = [3.0] * 40
    assert judge_with_past([3.0], [3.1], past).verdict is Verdict.REGRESSED
    assert judge_with_past([3.0], [2.9], past).verdict is Verdict.IMPROVED
    assert judge_with_past([3.0], [3.01], past).verdict is Verdict.SAME


def test_one_spike_on_either_side_is_not_told_where_spikes_are_usual() -> None:
    past = [1.3 if place % 12 == 0 else 1.0 + 0.001 * (place % 5) for place in range(100)]
    assert judge_with_past([1.3], [1.0], past).verdict not in TOLD
    assert judge_with_past([1.0], [1.29], past).verdict not in TOLD
    assert judge_with_past([1.0], [1.8], past).verdict is Verdict.REGRESSED


def test_a_step_long_ago_is_not_the_noise_of_now() -> None:
    values = noisy(0.003)
    stepped = [value * (2 if place < 60 else 1) for place, value in enumerate(values)]
    assert floor_from_history(stepped) == pytest.approx(floor_from_history(values), abs=0.01)


def test_swapping_the_sides_turns_the_change_over_where_the_base_lies_on_its_level() -> None:
    past = [*noisy(0.01), *[1.0] * 11]
    up, down = (judge_with_past([1.0], [head], past).effect for head in (1.1, 1 / 1.1))
    assert up is not None
    assert down is not None
    assert up.method == down.method == "history"
    assert up.ratio == pytest.approx(1 / down.ratio)
    assert up.p == pytest.approx(down.p)


def test_with_more_samples_a_side_the_floor_falls() -> None:
    past = noisy(0.03)
    floors = [floor_from_history(past, samples=n) for n in (1, 5, 10, 20)]
    assert all(floor is not None for floor in floors)
    assert floors == sorted(floors, key=lambda floor: -(floor or 0))


@pytest.mark.parametrize(("samples", "size", "least"), [(1, 0.005, 0.7), (5, 0.01, 0.7), (10, 0.02, 0.8)])
def test_nothing_is_seldom_told_and_five_percent_often(samples: int, size: float, least: float) -> None:
    rng = np.random.default_rng(samples)
    told = {1.0: 0, 1.05: 0}
    for _ in range(300):
        past = np.exp(size * rng.standard_t(3, 120))
        for effect in told:
            base, head = np.exp(size * rng.standard_t(3, (2, samples)))
            verdict = judge_with_past(list(base), list(effect * head), list(past)).verdict
            told[effect] += verdict in TOLD
    assert told[1.0] <= 300 * 0.02
    assert told[1.05] >= 300 * least


@pytest.mark.parametrize("side", [[], [math.nan], [math.inf], [-1.0]])
def test_samples_that_cannot_be_are_refused(side: list[float]) -> None:
    with pytest.raises(ValueError, match="finite and not negative"):
        judge_with_past([1.0], side, [1.0] * 30)


def test_a_few_samples_a_side_are_held_against_medians_of_as_many() -> None:
    past = noisy(0.02)
    assert judge_with_past([1.0], [1.06], past).verdict not in TOLD
    assert judge_with_past([0.99, 1.0, 1.02], [1.05, 1.06, 1.07], past).verdict is Verdict.REGRESSED
    assert judge_with_past([0.99, 1.0, 1.02], [0.98, 1.0, 1.01], past).verdict not in TOLD


def test_a_past_too_short_for_medians_of_a_few_samples_is_taken_as_it_is() -> None:
    past = noisy(0.02, 40)
    three, one = judge_with_past([1.0] * 3, [1.06] * 3, past), judge_with_past([1.0], [1.06], past)
    assert three.effect is not None
    assert one.effect is not None
    assert three.effect.noise_floor == one.effect.noise_floor
