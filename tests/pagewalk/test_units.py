"""Base units as people read them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk import units


def test_a_number_beyond_all_units_has_an_exponent() -> None:
    assert units.seconds(1e308) == "1.00e+308 s"
    assert units.count(2.5e30) == "2.50e+18 T"
    assert units.count(999e12) == "999 T"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 s"),
        (3.2e-13, "0.320 ps"),
        (21.43e-9, "21.4 ns"),
        (999.9e-9, "1.00 µs"),
        (1.5e-3, "1.50 ms"),
        (75.0, "75.0 s"),
        (math.nan, "missing"),
        (math.inf, "∞ s"),
    ],
)
def test_times_are_written_in_the_largest_unit_they_reach(value: float, text: str) -> None:
    assert units.seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 B"), (512, "512 B"), (4096, "4.00 KiB"), (12.5e6, "11.9 MiB"), (3 * 2**30, "3.00 GiB")],
)
def test_sizes_are_binary(value: float, text: str) -> None:
    assert units.bytes_(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.0021, "0.00210"), (1.9, "1.90"), (1104, "1104"), (12345, "12.3 k"), (2.5e6, "2.50 M")],
)
def test_counts_have_three_significant_digits_and_lose_none_before_the_point(value: float, text: str) -> None:
    assert units.count(value) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (1.0, "0 %"),
        (1.00001, "0 %"),
        (1.0017, "+0.17 %"),
        (1.123, "+12.3 %"),
        (0.59, "−41.0 %"),
        (0.0, "−100 %"),
        (0.0001, "−99.99 %"),
        (1.9999, "+99.99 %"),
        (2.0, "×2.00"),
        (31.4, "×31.4"),
        (math.inf, "from 0"),
        (math.nan, "missing"),
    ],
)
def test_a_change_is_per_cent_up_to_twice_and_a_factor_from_there(ratio: float, text: str) -> None:
    assert units.change(ratio) == text


def test_two_values_share_one_unit_so_that_digits_can_be_compared() -> None:
    assert units.pair(850e-9, 1.2e-6, "seconds") == "0.850 → 1.20 µs"
    assert units.pair(0.0, 4096, "bytes") == "0 → 4.00 KiB"
    assert units.pair(math.nan, 2.0, "misses/op") == "missing → 2.00"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (1.101, 1.142, "+10.1 … +14.2 %"),
        (0.5, 3.0, "×0.500 … ×3.00"),
        (0.0, math.inf, "any"),
        (1.5, math.inf, "×1.50 … ×∞"),
        (math.nan, 1.0, "missing"),
    ],
)
def test_an_interval_that_excludes_nothing_says_so(low: float, high: float, text: str) -> None:
    assert units.interval(low, high) == text


def test_an_interval_without_an_end_has_no_half_width() -> None:
    assert units.extent(1.1, 0.0, math.inf) == "±?"
    assert units.extent(1.1, 1.08, 1.12) == "±2.0 %"
    assert units.extent(2.5, 2.4, 2.6) == "±0.10"
    assert units.extent(1.003, 0.999, 1.011) == "±0.60 %"


def test_an_interval_that_reaches_far_to_one_side_is_told_by_its_ends() -> None:
    assert units.extent(2.75, 1.02, 14.2) == "(×1.02 … ×14.2)"
    assert units.extent(1.1, 0.9, 1.7) == "(−10.0 … +70.0 %)"


def test_a_metric_nobody_knows_is_shown_by_its_own_name_and_without_a_unit() -> None:
    assert units.title_of_metric("bank_conflicts") == "bank_conflicts"
    assert units.unit_of_metric("bank_conflicts") == ""


def test_benchmarks_of_other_projects_have_the_units_of_their_kind() -> None:
    kinds = ("time_sort", "timeraw_import", "mem_list", "peakmem_load", "track_share", "timely")
    assert [units.unit_of_metric(kind) for kind in kinds] == ["seconds", "seconds", "bytes", "bytes", "", ""]
    assert units.title_of_metric("dtlb_misses") == "L1 dTLB misses"


NEAR_A_STEP = st.builds(
    lambda power, mantissa: mantissa * 10.0**power,
    st.integers(-7, 16),
    st.sampled_from([0.99949, 0.9995, 0.99951, 0.9999999, 1.0, 1.0000001, 9.995, 9.9949]),
)


@given(st.floats(allow_nan=False, allow_infinity=False) | NEAR_A_STEP, st.integers(1, 6))
def test_a_number_is_written_by_the_magnitude_that_rounding_gives_it(value: float, digits: int) -> None:
    magnitude = int(f"{value:.{digits - 1}e}".partition("e")[2])
    if value and -5 <= magnitude < 15:
        expected = f"{value:.{max(0, digits - 1 - magnitude)}f}"
        assert units.number(value, digits) == expected.replace("-", "−")


@given(st.floats(1e-12, 1e15))
def test_what_is_written_is_within_a_half_per_cent_of_what_is_meant(value: float) -> None:
    text = units.count(value)
    number, _, symbol = text.partition(" ")
    scale = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}[symbol]
    assert float(number.replace("−", "-")) * scale == pytest.approx(value, rel=0.0051)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_number_makes_formatting_fail(value: float) -> None:
    for write in (units.seconds, units.bytes_, units.count, units.change, units.percent, units.times):
        assert write(value)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (99, "99 s"),
        (170, "3 min"),
        (6000, "1 h 40 min"),
        (-1, "missing"),
        (float("nan"), "missing"),
    ],
)
def test_a_time_to_wait_is_told_as_roughly_as_it_is_known(seconds: float, text: str) -> None:
    assert units.duration(seconds) == text


@given(
    st.lists(st.floats(width=32) | st.sampled_from([0.9994, 0.9995, 999.4, 999.5, 1e3, 1023.9, 1e4, 0.0])),
    st.sampled_from(["seconds", "bytes", "misses/op", ""]),
    st.integers(1, 5),
)
def test_many_values_are_written_like_each_alone(values: list[float], unit: str, digits: int) -> None:
    near = [value * factor for value in values for factor in (1.0, 1e-3, 1e-6, 1.001)]
    assert units.quantities(near, unit, digits) == [units.quantity(value, unit, digits) for value in near]
