"""Rows of one shape that are measured and judged in one go come out as each does alone."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from judging import CASE, DEFAULT, EXACT, SAMPLED, case, compare_all, timed

from pagewalk.analysis.comparison import MetricRow
from pagewalk.analysis.hodges_lehmann import two_samples
from pagewalk.analysis.limits import Limits
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.rank_tests import mann_whitney
from pagewalk.analysis.ruling import Family, judge_sampled
from pagewalk.analysis.sampled import measure
from pagewalk.analysis.verdict import Effect, Judgement
from pagewalk.model import Outcome, Record, Values

ALPHA = 0.05
FAMILY = Family(ALPHA, 0.01)
COUNTS = st.sampled_from([0.0, 0.001, 0.99, 1.0, 1.01, 1.5, 40.0])
ROWS = 4


@st.composite
def sides(draw: st.DrawFn) -> tuple[Floats, Floats, bool]:
    n, m = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    pairs = draw(st.booleans())
    base = draw(arrays(np.float64, (ROWS, n), elements=COUNTS))
    return base, draw(arrays(np.float64, (ROWS, n if pairs else m), elements=COUNTS)), pairs


def judged(base: Floats, head: Floats, limits: list[Limits], *, pairs: bool) -> list[Judgement]:
    measured = measure(base, head, ALPHA, pairs=pairs)
    return judge_sampled(measured, measured.p, FAMILY, limits)


def same(one: Effect | None, other: Effect | None) -> bool:
    """Whether two effects are equal but for a last digit; what is not a number is like itself."""
    if one is None or other is None:
        return one is other
    numbers = ("ratio", "low", "high", "p", "q", "noise_floor", "threshold")
    near = all(
        math.isclose(a, b, rel_tol=1e-9) or (math.isnan(a) and math.isnan(b))
        for a, b in ((getattr(one, name), getattr(other, name)) for name in numbers)
    )
    blank = dict.fromkeys(numbers, 0.0)
    return near and one._replace(**blank) == other._replace(**blank)


@settings(deadline=None)
@given(drawn=sides(), absolute=st.sampled_from([0.0, 0.002, 16.0]), noise=st.sampled_from([math.nan, 0.3]))
def test_rows_are_judged_together_as_each_alone(
    drawn: tuple[Floats, Floats, bool], absolute: float, noise: float
) -> None:
    base, head, pairs = drawn
    limits = [Limits(0.02 * (row + 1), noise, absolute, "seconds", "A/A") for row in range(ROWS)]
    together = judged(base, head, limits, pairs=pairs)
    for row, found in enumerate(together):
        one = slice(row, row + 1)
        (alone,) = judged(base[one], head[one], limits[one], pairs=pairs)
        assert (found.verdict, found.samples_needed) == (alone.verdict, alone.samples_needed)
        assert same(found.effect, alone.effect)
        assert found.evidence == alone.evidence


@given(base=COUNTS, head=COUNTS)
def test_one_value_a_side_has_what_the_test_and_its_interval_have_of_it(base: float, head: float) -> None:
    before, after = np.array([base]), np.array([head])
    found = measure(before[np.newaxis], after[np.newaxis], ALPHA, pairs=False)
    difference = two_samples(before, after, ALPHA)
    assert found.p.tolist() == [mann_whitney(before, after)]
    assert found.difference.estimate.tolist() == [difference.estimate]
    assert (found.difference.low.item(), found.difference.high.item()) == (difference.low, difference.high)
    with np.errstate(divide="ignore"):
        ratio = two_samples(np.log(before), np.log(after), ALPHA).as_ratio()
    assert found.ratio.estimate.item() == pytest.approx(ratio.estimate, rel=1e-12)
    assert (found.ratio.low.item(), found.ratio.high.item()) == (ratio.low, ratio.high)


def test_rows_of_many_shapes_stand_in_the_order_of_their_cases() -> None:
    generator = np.random.default_rng(5)

    def side(shift: float) -> dict[object, Record]:
        records = {}
        for number in range(24):
            size = (1, 3, 6, 9)[number % 4]
            samples = tuple((generator.normal(100 + shift * number, 1, size)).tolist())
            values = {
                "time": Values("time", samples, SAMPLED),
                "dtlb_misses": Values("dtlb_misses", (3.0 + shift,) * size, EXACT),
                "cycles": Values("cycles", missing="no counter"),
            }
            own = case(number)
            records[own] = Record(own, {Outcome.OK: size}, values)
        return records

    before, after = side(0.0), side(1.0)
    rows = compare_all(before, after).metrics
    assert [(row.case, row.metric) for row in rows[:4]] == [
        (case(0), "time"),
        (case(0), "cycles"),
        (case(0), "dtlb_misses"),
        (case(1), "time"),
    ]
    assert [row.case for row in rows] == [case(number) for number in range(24) for _ in range(3)]
    for row in rows:
        assert row.base == before[row.case].values[row.metric]
        assert row.head == after[row.case].values[row.metric]
    assert {row.evidence for row in rows if row.metric == "cycles"} == {"no counter"}
    assert {row.effect.method for row in rows if row.effect} == {"exact", "Mann–Whitney"}


def test_a_comparison_of_nothing_that_is_tested_has_no_rows_and_no_trouble() -> None:
    assert compare_all({}, {}).metrics == ()
    assert DEFAULT.alpha == ALPHA
    (row,) = compare_all({CASE: timed([])}, {CASE: timed([])}).metrics
    assert isinstance(row, MetricRow)
    assert (row.verdict, row.effect) == (None, None)
