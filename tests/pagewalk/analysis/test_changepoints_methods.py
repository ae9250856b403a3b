"""Every method behind the protocol, on what any of them must get right."""

from importlib.util import find_spec

import numpy as np
import pytest

from pagewalk.analysis.changepoints import Method, apply
from pagewalk.analysis.changepoints.asv_steps import AsvSteps
from pagewalk.analysis.changepoints.bayesian_online import BayesianOnline
from pagewalk.analysis.changepoints.e_divisive import EDivisive
from pagewalk.analysis.changepoints.robust import Robust
from pagewalk.analysis.changepoints.ruptures_methods import BinarySegmentation, Pelt

METHODS: list[Method] = [Robust(), AsvSteps(), AsvSteps(0.0), BayesianOnline(), EDivisive()]
if find_spec("ruptures"):
    METHODS += [Pelt(), BinarySegmentation()]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_one_large_step_is_found_by_every_method(method: Method) -> None:
    values = np.random.default_rng(0).normal(100, 1, 80)
    values[40:] += 12
    assert apply(method, values) == [40]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_missing_values_are_passed_over_by_every_method(method: Method) -> None:
    values = np.random.default_rng(0).normal(100, 1, 80)
    values[40:] += 12
    assert apply(method, np.insert(values, [5, 40], np.nan)) == [42]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_a_constant_has_no_change_for_any_method(method: Method, count: int) -> None:
    assert apply(method, [7.0] * count) == []


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_the_same_series_always_gets_the_same_answer(method: Method) -> None:
    values = np.random.default_rng(3).standard_t(2, 60)
    assert apply(method, values) == apply(method, values)


def test_asv_keeps_quiet_below_its_threshold() -> None:
    values = np.random.default_rng(0).normal(100, 0.1, 80)
    values[40:] += 4
    assert apply(AsvSteps(0.05), values) == []
    assert apply(AsvSteps(0.0), values) == [40]
