"""The noise floor, and what a person may set."""

import numpy as np
import pytest

from pagewalk.analysis.noise import noise_floor
from pagewalk.analysis.settings import Settings
from pagewalk.errors import ConfigError


def test_the_noise_floor_of_few_pairs_is_the_largest_change_seen() -> None:
    steady = ([1.0, 1.0, 1.0], [1.0, 1.0, 1.0])
    assert noise_floor([steady, ([1.0, 1.0], [1.1, 1.1])]) == pytest.approx(0.1)
    assert noise_floor([steady, ([1.1, 1.1], [1.0, 1.0])]) == pytest.approx(0.1)


def test_the_noise_floor_of_many_pairs_covers_nineteen_in_twenty_further_ones() -> None:
    rng = np.random.default_rng(5)
    pairs = [(rng.lognormal(0, 0.1, 8), rng.lognormal(0, 0.1, 8)) for _ in range(400)]
    floor = noise_floor(pairs[:200])
    later = [noise_floor([pair]) <= floor for pair in pairs[200:]]
    assert 0.9 <= np.mean(later) <= 0.99


@pytest.mark.parametrize("pairs", [[], [([], [1.0])], [([1.0], [float("nan")])], [([-1.0], [1.0])]])
def test_a_noise_floor_of_nothing_is_refused(pairs: list[tuple[list[float], list[float]]]) -> None:
    with pytest.raises(ValueError, match="A/A"):
        noise_floor(pairs)


@pytest.mark.parametrize(
    "wrong",
    [{"threshold": -0.1}, {"threshold": float("nan")}, {"alpha": 0.0}, {"exact_tolerance": float("inf")}],
)
def test_a_setting_that_cannot_be_meant_is_refused_with_a_remedy(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="Give a"):
        Settings(**wrong)  # type: ignore[arg-type]


def test_a_change_too_small_to_matter_is_no_noise() -> None:
    nothing, next_to_nothing = [0.0, 0.0, 0.0], [0.0, 0.0001, 0.0001]
    assert noise_floor([(nothing, next_to_nothing)]) == np.inf
    assert noise_floor([(nothing, next_to_nothing)], absolute=0.0002) == 0.0
