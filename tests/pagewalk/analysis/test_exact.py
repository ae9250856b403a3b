"""Counters that repeat."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import CASE, Settings, compare_all, compare_one, counted

from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.verdict import Verdict


def test_one_sample_of_an_exact_counter_is_enough() -> None:
    row = compare_one(counted([1.0]), counted([1.01]))
    assert row.verdict is Verdict.REGRESSED
    assert row.effect is not None
    assert row.effect.exact


def test_a_few_lines_moved_by_code_layout_are_tolerated() -> None:
    row = compare_one(counted([1000.0], "instructions"), counted([1000.9], "instructions"))
    assert row.verdict is Verdict.SAME
    row = compare_one(counted([1000.0], "instructions"), counted([1001.1], "instructions"))
    assert row.verdict is Verdict.REGRESSED


def test_a_thousandth_of_a_miss_after_none_is_the_same() -> None:
    row = compare_one(counted([0.0, 0.0]), counted([0.001, 0.001]))
    assert row.verdict is Verdict.SAME
    assert "least that matters" in row.evidence


def test_misses_where_there_were_none_are_infinitely_more() -> None:
    row = compare_one(counted([0.0]), counted([1.0]))
    assert row.verdict is Verdict.REGRESSED
    assert row.effect is not None
    assert math.isinf(row.effect.ratio)


def test_no_misses_on_both_sides_is_the_same() -> None:
    assert compare_one(counted([0.0]), counted([0.0])).verdict is Verdict.SAME


def test_the_noise_floor_widens_the_tolerance_of_exact_counters_too() -> None:
    settings = Settings(noise={("board", CASE, "dtlb_misses"): NoiseFloor(0.05, "")})
    assert compare_one(counted([1.0]), counted([1.04]), settings).verdict is Verdict.SAME


def test_a_counter_declared_exact_that_does_not_repeat_is_judged_as_sampled_with_a_warning() -> None:
    comparison = compare_all({CASE: counted([1.0, 1.5, 1.2])}, {CASE: counted([3.0, 3.1, 3.2])})
    (row,) = comparison.metrics
    assert row.effect is not None
    assert not row.effect.exact
    assert row.verdict is Verdict.UNSURE
    assert any("declared exact but does not repeat" in warning for warning in comparison.warnings)


def test_exact_rows_do_not_buy_sampled_rows_a_smaller_q() -> None:
    alone = compare_all({CASE: counted([1.0, 1.1, 1.2, 1.3])}, {CASE: counted([2.0, 2.1, 2.2, 2.3])})
    assert alone.metrics[0].effect is not None
    other = {type(CASE)("x.Y", (("i", str(i)),)): counted([float(i)]) for i in range(50)}
    moved = {c: counted([r.values["dtlb_misses"].samples[0] + 9]) for c, r in other.items()}
    among = compare_all(
        {CASE: counted([1.0, 1.1, 1.2, 1.3]), **other}, {CASE: counted([2.0, 2.1, 2.2, 2.3]), **moved}
    )
    assert among.metrics[0].effect is not None
    assert among.metrics[0].effect.q == alone.metrics[0].effect.q


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_swapping_exact_sides_turns_the_verdict_round(base: float, head: float) -> None:
    there, back = compare_one(counted([base]), counted([head])), compare_one(counted([head]), counted([base]))
    opposite = {Verdict.REGRESSED: Verdict.IMPROVED, Verdict.IMPROVED: Verdict.REGRESSED}
    assert there.verdict is not None
    assert back.verdict is opposite.get(there.verdict, there.verdict)


@pytest.mark.parametrize("metric", ["time", "instructions"])
def test_a_metric_without_a_floor_is_judged_by_its_ratio_alone(metric: str) -> None:
    assert compare_one(counted([1e-12], metric), counted([2e-12], metric)).verdict is Verdict.REGRESSED
