"""Simulated searches with known answers, one pure step at a time."""

from collections.abc import Callable, Collection

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagewalk.analysis.bisection import Answer, Kind, Measure, Observation, Search, Status, Taken, decide

Execute = Callable[[int], Observation]


def searched(
    last: int, execute: Execute, unbuildable: Collection[int] = (), budget: int = 300
) -> tuple[Answer, Search]:
    taken: list[Taken] = []
    skipped: set[int] = set()
    while True:
        search = Search(last, tuple(taken), frozenset(skipped), budget=budget)
        step = decide(search)
        if isinstance(step, Answer):
            return step, search
        assert 0 <= step.place <= last
        assert step.place not in skipped
        if step.place in unbuildable:
            skipped.add(step.place)
        else:
            taken.append(Taken(step.place, execute(step.place)))


def noisy(step: int, height: float, seed: int, noise: float = 0.03) -> Execute:
    generator = np.random.default_rng(seed)
    return lambda place: Observation(
        100 * (1 + (height if place >= step else 0)) * (1 + float(generator.normal(0, noise)))
    )


@given(last=st.integers(1, 600), data=st.data())
@settings(max_examples=40)
def test_an_exact_counter_is_always_found_in_as_many_builds_as_halving_takes(
    last: int, data: st.DataObject
) -> None:
    step = data.draw(st.integers(1, last))
    answer, search = searched(last, lambda place: Observation(7.0 if place < step else 9.0))
    assert (answer.status, answer.up_to, answer.probability) == (Status.FOUND, step, 1.0)
    assert len(search.measured) - 2 <= int(np.ceil(np.log2(last)))


@given(last=st.integers(2, 120), data=st.data())
@settings(max_examples=40)
def test_a_commit_that_does_not_build_is_never_blamed_alone(last: int, data: st.DataObject) -> None:
    step = data.draw(st.integers(1, last))
    broken = data.draw(st.sets(st.integers(1, last - 1), max_size=last - 1))
    answer, _ = searched(last, lambda place: Observation(7.0 if place < step else 9.0), broken)
    assert answer.after < step <= answer.up_to
    assert answer.after not in broken
    assert answer.up_to not in broken
    assert (answer.status is Status.FOUND) == (answer.up_to - answer.after == 1)


@given(last=st.integers(1, 200), data=st.data())
@settings(max_examples=15)
def test_a_crash_is_found_without_a_number_anywhere(last: int, data: st.DataObject) -> None:
    step = data.draw(st.integers(1, last))
    answer, search = searched(last, lambda place: Observation(crashed=place >= step))
    assert (answer.status, answer.kind, answer.up_to) == (Status.FOUND, Kind.OUTCOME, step)
    assert len(search.measured) - 2 <= int(np.ceil(np.log2(last))) + 1


def test_a_crash_in_half_of_all_executions_is_found() -> None:
    generator = np.random.default_rng(3)
    answer, _ = searched(64, lambda place: Observation(crashed=place >= 23 and generator.random() < 0.5))
    assert (answer.status, answer.up_to) == (Status.FOUND, 23)


@pytest.mark.parametrize("seed", range(3))
def test_a_small_step_in_noise_is_found(seed: int) -> None:
    answer, _ = searched(64, noisy(20 + seed, 0.08, seed))
    assert (answer.kind, answer.up_to, answer.status) == (Kind.SAMPLED, 20 + seed, Status.FOUND)
    assert answer.probability >= 0.99
    assert answer.effect is not None
    assert answer.effect.low <= 1.08 <= answer.effect.high


def test_with_a_third_unbuildable_the_step_lies_in_the_range_named() -> None:
    generator = np.random.default_rng(1)
    broken = {place for place in range(1, 64) if generator.random() < 1 / 3}
    answer, _ = searched(64, noisy(31, 0.1, 5), broken)
    assert answer.after < 31 <= answer.up_to
    assert not {answer.after, answer.up_to} & broken


@pytest.mark.slow
def test_good_and_bad_that_are_alike_are_called_so_before_the_budget_is_spent() -> None:
    answer, search = searched(256, noisy(1000, 0.0, 2))
    assert answer.status is Status.NOT_REPRODUCED
    assert len(search.taken) < 150


def test_equal_exact_numbers_are_not_reproduced_at_once() -> None:
    answer, search = searched(256, lambda _: Observation(5.0))
    assert answer.status is Status.NOT_REPRODUCED
    assert len(search.taken) <= 6


def test_two_exact_steps_are_called_several() -> None:
    answer, _ = searched(100, lambda place: Observation(10.0 + 6 * (place >= 70) + 4 * (place >= 30)))
    assert (answer.status, answer.up_to) == (Status.SEVERAL, 70)


def test_a_crash_among_numbers_is_no_step() -> None:
    def execute(place: int) -> Observation:
        return Observation(crashed=True) if place == 32 else Observation(1.0 + (place >= 40))

    answer, _ = searched(64, execute)
    assert (answer.status, answer.up_to) == (Status.FOUND, 40)


def test_a_budget_that_is_used_up_leaves_an_interval_that_holds_the_confidence() -> None:
    answer, search = searched(256, noisy(100, 0.05, 4), budget=24)
    assert answer.status is Status.BUDGET
    assert len(search.taken) == 24
    assert answer.probability >= 0.99


def test_numbers_that_floating_point_has_no_probability_for_blame_no_commit_more_than_another() -> None:
    values = [(0, 0.0), (0, 1.0), (1, 2.8e153), (6, 0.0), (6, 0.0)]
    answer = decide(Search(6, tuple(Taken(place, Observation(value)) for place, value in values), budget=0))
    assert isinstance(answer, Answer)
    assert (answer.after, answer.up_to) == (0, 6)
    assert answer.first_bad == pytest.approx([0.0] + [1 / 6] * 6)


def test_the_unit_of_a_number_changes_no_step() -> None:
    generator = np.random.default_rng(0)
    values = [(place, float(generator.normal(100, 3))) for place in (0, 64, 64, 0, 0, 64, 32, 16)]
    steps = []
    for unit in (1.0, 1e-9):
        step = decide(Search(64, tuple(Taken(p, Observation(v * unit)) for p, v in values)))
        assert isinstance(step, Measure)
        steps.append(step.place)
    assert steps[0] == steps[1]


def test_an_exact_commit_is_named_after_both_ends_and_both_sides_agreed_three_times() -> None:
    answer, search = searched(64, lambda place: Observation(100.0 + (place >= 21)))
    assert (answer.status, answer.kind, answer.up_to) == (Status.FOUND, Kind.EXACT, 21)
    assert [search.measured[place] for place in (0, 20, 21, 64)] == [3, 3, 3, 3]


def test_one_tick_astray_in_a_number_that_seemed_exact_leaves_the_search_in_doubt() -> None:
    places = [0, 64, 64, 0, 32, 16, 8, 12, 14, 13, 14]
    values = [100.0, 101.0, 101.0, 100.0, 101.0, 101.0, 100.0, 100.0, 101.0, 100.0, 100.0]
    taken = tuple(Taken(p, Observation(v)) for p, v in zip(places, values, strict=True))
    step = decide(Search(64, (*taken, Taken(0, Observation(100.0)), Taken(64, Observation(101.0)))))
    assert isinstance(step, Measure)
    assert max(step.first_bad, default=0.0) < 0.9
