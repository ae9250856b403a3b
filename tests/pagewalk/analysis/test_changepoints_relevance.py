"""Which steps are large enough to be told at all."""

from itertools import pairwise

import numpy as np
import pytest

from pagewalk.analysis.changepoints.confirmation import Segment
from pagewalk.analysis.changepoints.excursion import ignore_excursions, lasting
from pagewalk.analysis.changepoints.method import Series
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


def test_a_bend_is_left_as_it_is() -> None:
    assert relevant(levels(100.0, 100.1), cut(0, 20, 40, sloped=(1,)), noise=1.0) == cut(
        0, 20, 40, sloped=(1,)
    )


def test_small_steps_that_add_up_are_told_as_one() -> None:
    series = levels(100.0, 100.6, 101.2, 101.8)
    assert len(relevant(series, cut(0, 20, 40, 60, 80), noise=1.0)) == 2


def test_an_excursion_is_joined_to_its_level_and_named() -> None:
    series = levels(10.0, 12.0, 10.0, each=50)[40:120]
    segments = cut(0, 10, 60, 80)
    assert ignore_excursions(series, segments) == (segments, [])
    short = np.concatenate((levels(10.0, each=90), levels(12.0, each=12), levels(10.0, each=90)))
    assert ignore_excursions(short, cut(0, 90, 102, 192)) == (cut(0, 192), [Segment(90, 102, False)])


def test_a_level_is_scanned_again_without_its_excursions() -> None:
    series = np.random.default_rng(0).normal(0, 1, 200) + levels(0.0, 1.6, each=100)
    series[45:60] += 30
    first, second = lasting(series, cut(0, 45, 60, 200))
    assert first.start == 0
    assert abs(second.start - 100) <= 5
