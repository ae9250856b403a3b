"""Changes over a history: where, how large, how sure, and what became of them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagewalk.analysis.regressions import (
    Change,
    HistorySeries,
    Kind,
    Limits,
    Place,
    SeriesName,
    State,
    changes_of,
    control,
    find_changes,
    moved_together,
)
from pagewalk.errors import ConfigError
from pagewalk.model import Case, Outcome

OK, CRASHED = Outcome.OK, Outcome.CRASHED


def name(benchmark: str = "alloc.Churn") -> SeriesName:
    return SeriesName("vm", Case(benchmark), "time")


def noisy(*levels: float, length: int = 60, seed: int = 1) -> list[float]:
    noise = np.random.default_rng(seed).normal(0, 0.01, length * len(levels))
    values: list[float] = (1e-6 * np.repeat(levels, length) * np.exp(noise)).tolist()
    return values


def test_a_step_is_told_with_the_commits_around_it_and_its_size() -> None:
    (change,) = find_changes([HistorySeries(name(), noisy(1.0, 1.1))])
    assert change.kind is Kind.REGRESSED
    assert change.place == Place(59, 60)
    assert change.size is not None
    assert change.size.low < 1.1 < change.size.high
    assert change.state is State.STANDING


def test_commits_that_were_not_measured_widen_the_range() -> None:
    values = noisy(1.0, 1.1)
    values[57:63] = [math.nan] * 6
    (change,) = find_changes([HistorySeries(name(), values)])
    assert change.place == Place(56, 63)


def test_what_should_grow_regresses_when_it_shrinks() -> None:
    (change,) = find_changes([HistorySeries(name(), noisy(1.0, 0.9), less_is_better=False)])
    assert change.kind is Kind.REGRESSED


def test_the_interval_of_a_size_holds_the_true_one_as_often_as_it_says() -> None:
    told = [find_changes([HistorySeries(name(), noisy(1.0, 1.1, seed=seed))]) for seed in range(60)]
    sizes = [change.size for (change,) in told if change.size is not None]
    assert len(sizes) == 60
    # 95 %: of 60 fewer than 52 have one chance in five thousand
    assert 52 <= sum(size.low <= 1.1 <= size.high for size in sizes) < 60


def test_a_regression_is_recovered_and_comes_back() -> None:
    first, second, third = changes_of(HistorySeries(name(), noisy(1.0, 1.2, 1.0, 1.2)))
    assert (first.state, first.undone, first.returned) == (State.CAME_BACK, second.place, third.place)
    assert second.kind is Kind.IMPROVED
    assert third.state is State.STANDING


@pytest.mark.parametrize("floor", [0.0, 0.3])
def test_no_change_below_the_threshold_or_the_noise_floor_is_told(floor: float) -> None:
    series = HistorySeries(name(), noisy(1.0, 1.015 if floor == 0 else 1.2), floor=floor)
    assert find_changes([series]) == []


def test_an_exact_count_changes_with_a_single_commit_and_needs_no_test() -> None:
    (change,) = find_changes([HistorySeries(name(), [100.0, 100.0, 101.0], exact=True)])
    assert (change.place, change.p) == (Place(1, 2), 0.0)


def test_from_nothing_to_something_is_an_infinite_ratio() -> None:
    (change,) = find_changes([HistorySeries(name(), [0.0, 0.0, 3.0], exact=True)])
    assert change.size is not None
    assert change.size.ratio == math.inf


def test_a_crash_is_broken_after_the_last_commit_that_ended_well() -> None:
    series = HistorySeries(name(), [1.0] * 5, [OK, None, CRASHED, CRASHED, OK])
    broken, fixed = find_changes([series])
    assert (broken.kind, broken.place, broken.ending) == (Kind.BROKEN, Place(0, 2), "crashed")
    assert (broken.state, broken.undone) == (State.UNDONE, fixed.place)
    assert fixed.kind is Kind.FIXED


def test_what_crashes_by_chance_is_one_change_that_came_back() -> None:
    found = find_changes([HistorySeries(name(), [1.0] * 20, [OK, CRASHED] * 10)])
    assert len(found) <= 3
    assert found[0].state is State.CAME_BACK


@pytest.mark.parametrize("values", [[], [1.0], [2.0] * 30, [math.nan] * 9, [math.inf, -math.inf] * 5])
def test_nothing_to_tell_is_no_change(values: list[float]) -> None:
    assert find_changes([HistorySeries(name(), values)]) == []


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="1 outcomes for 2 values"):
        HistorySeries(name(), [1.0, 2.0], [OK])


def test_limits_that_cannot_be_meant_are_refused() -> None:
    with pytest.raises(ConfigError, match="alpha is 0"):
        Limits(alpha=0)


def test_untested_changes_make_no_other_surer() -> None:
    doubtful = Change(name("a"), Place(1, 2), Kind.REGRESSED, p=0.04)
    certain = [Change(name(f"b{i}"), Place(1, 2), Kind.BROKEN, p=0.0) for i in range(50)]
    assert doubtful not in control([doubtful, *certain], 60)
    assert len(control([doubtful, *certain], 60)) == 50


@given(st.lists(st.floats(0.0001, 1.0), min_size=1, max_size=30), st.integers(0, 50))
@settings(max_examples=50)
def test_more_series_never_make_a_change_surer(p_values: list[float], more: int) -> None:
    changes = [Change(name(str(i)), Place(1, 2), Kind.REGRESSED, p) for i, p in enumerate(p_values)]
    fewer = {change.series for change in control(changes, len(changes))}
    assert {change.series for change in control(changes, len(changes) + more)} <= fewer


def test_of_series_that_never_changed_next_to_none_is_told() -> None:
    generator = np.random.default_rng(5)
    quiet = [
        HistorySeries(name(str(i)), np.exp(0.01 * generator.standard_t(3, 100)).tolist()) for i in range(60)
    ]
    assert len(find_changes(quiet)) <= 1


def test_a_wider_range_around_another_is_the_same_place() -> None:
    narrow, wide, beside = (
        Change(name(word), place, Kind.REGRESSED, 0.001)
        for word, place in (("a", Place(4, 5)), ("b", Place(2, 7)), ("c", Place(6, 9)))
    )
    together = moved_together([narrow, wide, beside])
    assert together[narrow.place] == {narrow.series, wide.series}
    assert together[beside.place] == {beside.series}
