"""Where a step is put, and the density that says so."""

import numpy as np
import pytest
from scipy import stats

from pagewalk.analysis.changepoints.confirmation import Segment
from pagewalk.analysis.changepoints.density import TAIL, bandwidth, log_density
from pagewalk.analysis.changepoints.placement import REACH, place


def test_the_density_is_that_of_scipy_with_a_tail() -> None:
    generator = np.random.default_rng(0)
    seen, at = generator.normal(size=80), np.linspace(-6, 6, 41)
    width = bandwidth(seen, 1.0)
    kernels = stats.norm.pdf(at[:, None], seen, width).mean(axis=1)
    expected = (1 - TAIL) * kernels + TAIL * stats.t.pdf(at, 3)
    assert np.exp(log_density(at, seen, 1.0, width)) == pytest.approx(expected, rel=1e-3)


def test_a_value_far_from_all_others_is_improbable_and_not_impossible() -> None:
    far = log_density(np.array([1e6]), np.zeros(20), 1.0, 0.1)
    assert np.isfinite(far).all()
    assert far < -20


def test_the_step_between_two_levels_is_put_where_it_is() -> None:
    values = np.random.default_rng(1).normal(size=100)
    values[60:] += 6
    assert place(values, [Segment(0, 52, False), Segment(52, 100, False)], 1.0) == [60]


def test_a_step_in_two_modes_is_put_where_both_modes_step() -> None:
    generator = np.random.default_rng(3)
    off = []
    for _ in range(20):
        values = generator.normal(0, 0.1, 120) + np.where(generator.random(120) < 0.4, 3.0, 0.0)
        values[60:] += 1
        (at,) = place(values, [Segment(0, 65, False), Segment(65, 120, False)], 1.5)
        off.append(abs(at - 60))
    assert np.mean(np.array(off) <= 1) >= 0.9


def test_the_end_of_a_trend_stays_where_it_is() -> None:
    values = np.arange(60.0)
    assert place(values, [Segment(0, 30, True), Segment(30, 60, False)], 1.0) == [30]


def test_exact_counts_are_placed_without_a_density() -> None:
    values = np.repeat([5.0, 6.0], 40)
    assert place(values, [Segment(0, 40 - REACH // 2, False), Segment(40 - REACH // 2, 80, False)], 0.25) == [
        40
    ]
