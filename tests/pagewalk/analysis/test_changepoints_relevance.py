"""Which steps are large enough to be told at all."""

from itertools import pairwise

import numpy as np
import pytest

from pagewalk.analysis.changepoints.confirmation import Segment
from pagewalk.analysis.changepoints.excursion import ignore_excursions, lasting
from pagewalk.analysis.changepoints.method import Series
from pagewalk.analysis.changepoints.movement import furthest, rise
from pagewalk.analysis.changepoints.relevance import DEVIATIONS, SHARE, relevant


def cut(*edges: int, sloped: tuple[int, ...] = ()) -> list[Segment]:
    """Return the segments between `edges`, those whose number is in `sloped` with a line."""
    return [Segment(a, b, i in sloped) for i, (a, b) in enumerate(pairwise(edges))]


def levels(*values: float, each: int = 20) -> Series:
    return np.repeat(np.array(values, dtype=np.float64), each)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("unit", [2.0**-60, 1.0, 2.0**60])
def test_a_step_below_both_a_share_and_the_noise_goes_whatever_the_unit(unit: float, sign: float) -> None:
    series = sign * unit * levels(100.0, 100 + 99 * SHARE)
    assert relevant(series, cut(0, 20, 40), noise=unit) == cut(0, 40)


def test_a_step_above_either_stays() -> None:
    assert relevant(levels(100.0, 100 + 101 * SHARE), cut(0, 20, 40), noise=9.0) == cut(0, 20, 40)
    assert relevant(levels(100.0, 100.1), cut(0, 20, 40), noise=0.09 / DEVIATIONS) == cut(0, 20, 40)


def test_around_zero_every_step_is_relevant() -> None:
    assert relevant(levels(0.0, 0.001), cut(0, 20, 40), noise=1.0) == cut(0, 20, 40)


def test_a_line_that_goes_far_is_left_as_it_is() -> None:
    climbing = np.concatenate((levels(100.0), np.linspace(100, 110, 40)))
    assert relevant(climbing, cut(0, 20, 60, sloped=(1,)), noise=1.0) == cut(0, 20, 60, sloped=(1,))


def test_a_line_that_goes_nowhere_to_speak_of_is_none() -> None:
    leaning = np.concatenate((levels(100.0), np.linspace(100, 100 + 50 * SHARE, 40)))
    assert relevant(leaning, cut(0, 20, 60, sloped=(1,)), noise=1.0) == cut(0, 60)


def test_the_rise_of_a_line_is_from_end_to_end_and_no_outlier_bends_it() -> None:
    line = np.linspace(0, 99, 100)
    line[[0, 50, 99]] += 1e6
    assert rise(line, Segment(0, 100, sloped=True)) == pytest.approx(99, rel=0.03)
    assert rise(line, Segment(0, 100, sloped=False)) == 0


def test_small_steps_that_add_up_are_told_as_one() -> None:
    series = levels(100.0, 100.6, 101.2, 101.8)
    assert len(relevant(series, cut(0, 20, 40, 60, 80), noise=1.0)) == 2


def test_an_excursion_is_joined_to_its_level_and_named() -> None:
    series = levels(10.0, 12.0, 10.0, each=50)[40:120]
    segments = cut(0, 10, 60, 80)
    assert ignore_excursions(series, segments) == (segments, [])
    short = np.concatenate((levels(10.0, each=90), levels(12.0, each=12), levels(10.0, each=90)))
    assert ignore_excursions(short, cut(0, 90, 102, 192)) == (cut(0, 192), [Segment(90, 102, False)])


def test_a_line_between_two_levels_alike_is_an_excursion() -> None:
    series = np.concatenate((levels(10.0, each=90), np.linspace(8, 12, 20), levels(10.0, each=90)))
    assert ignore_excursions(series, cut(0, 90, 110, 200, sloped=(1,))) == (
        cut(0, 200),
        [Segment(90, 110, sloped=True)],
    )


@pytest.mark.parametrize(("height", "told"), [(12.0, True), (8.0, False)])
def test_a_level_at_the_beginning_exceeds_what_the_series_reaches_for_as_long(
    height: float, told: bool
) -> None:
    series = np.concatenate((levels(height), np.random.default_rng(0).normal(0, 1, 180)))
    series[100:118] += 6
    found = ignore_excursions(series, cut(0, 20, 200))[0]
    assert found == (cut(0, 20, 200) if told else cut(0, 200))


def test_the_furthest_that_a_few_values_in_a_row_get_is_told_by_their_median() -> None:
    series = levels(0.0, 5.0, 0.0, each=10)
    series[2] = 100
    assert furthest(series, Segment(0, 30, sloped=False), 7) == 5
    assert furthest(series, Segment(0, 30, sloped=False), 25) == 0


def test_a_level_is_scanned_again_without_its_excursions() -> None:
    series = np.random.default_rng(0).normal(0, 1, 200) + levels(0.0, 1.6, each=100)
    series[45:60] += 30
    first, second = lasting(series, cut(0, 45, 60, 200))
    assert first.start == 0
    assert abs(second.start - 100) <= 5
