"""Ticks of an axis of values: round, few, and within the range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.ticks import round_ticks, tick_texts


@pytest.mark.parametrize(
    ("low", "high", "unit", "texts"),
    [
        (0.0, 1.0, "misses/op", ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (0.0, 0.95, "misses/op", ["0", "0.2", "0.4", "0.6", "0.8"]),
        (0.0, 0.3, "", ["0", "0.1", "0.2", "0.3"]),
        (0.0, 43e-9, "seconds", ["0 s", "10 ns", "20 ns", "30 ns", "40 ns"]),
        (0.0, 1.3e6, "", ["0", "500 k", "1 M"]),
        (0.0, 1_500_000.0, "bytes", ["0 B", "512 KiB", "1 MiB"]),
        (-1.0, 2.0, "", ["−1", "0", "1", "2"]),
    ],
)
def test_ticks_are_those_that_a_person_would_choose(
    low: float, high: float, unit: str, texts: list[str]
) -> None:
    assert tick_texts(round_ticks(low, high, unit), unit) == texts


@given(st.floats(1e-12, 1e15), st.floats(0, 1), st.sampled_from(["seconds", "bytes", ""]))
def test_of_any_range_some_are_shown_and_not_too_many(high: float, share: float, unit: str) -> None:
    low = -share * high
    ticks = round_ticks(low, high, unit)
    assert 2 <= len(ticks) <= 6
    slack = 1e-9 * (high - low)
    assert all(low - slack <= tick <= high + slack for tick in ticks)


@pytest.mark.parametrize(("low", "high"), [(0.0, 5e-324), (-1.7e308, 1.7e308)])
def test_what_no_float_can_step_through_has_its_ends(low: float, high: float) -> None:
    assert round_ticks(low, high, "seconds") == [low, high]
    assert round_ticks(low, high, "bytes") == [low, high]


def test_a_number_with_an_exponent_keeps_its_zeros() -> None:
    assert tick_texts([1e-10], "") == ["1.00e−10"]


def test_ticks_near_one_another_have_the_digits_that_tell_them_apart() -> None:
    texts = tick_texts(round_ticks(0.9501, 0.9504, "seconds"), "seconds")
    assert texts == ["950.1 ms", "950.2 ms", "950.3 ms", "950.4 ms"]
    assert tick_texts([1_234_500.0, 1_235_000.0], "") == ["1.2345 M", "1.235 M"]
    assert tick_texts([2.0, 2.0], "") == ["2", "2"]
    assert tick_texts([], "seconds") == []
