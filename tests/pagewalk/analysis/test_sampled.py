"""The rule on sampled numbers: what is told, what is earned, what is not known."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from judging import CASE, Settings, compare_all, compare_one, timed

from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.verdict import Verdict

OPPOSITE = {Verdict.REGRESSED: Verdict.IMPROVED, Verdict.IMPROVED: Verdict.REGRESSED}
side = st.lists(st.floats(1e-3, 1e3), min_size=3, max_size=12)


def normal(middle: float, spread: float, n: int, seed: int) -> list[float]:
    return list(np.random.default_rng(seed).normal(middle, spread, n))


def test_a_clear_and_large_change_is_told_with_its_direction() -> None:
    base, head = normal(100, 1, 10, 1), normal(110, 1, 10, 2)
    assert compare_one(timed(base), timed(head)).verdict is Verdict.REGRESSED
    assert compare_one(timed(head), timed(base)).verdict is Verdict.IMPROVED


def test_a_clear_change_below_the_threshold_is_the_same() -> None:
    row = compare_one(timed(normal(100, 0.1, 20, 1)), timed(normal(101, 0.1, 20, 2)))
    assert row.effect is not None
    assert row.effect.q < 1e-6
    assert row.verdict is Verdict.SAME


def test_a_clear_change_below_the_noise_of_this_benchmark_is_not_told() -> None:
    noisy = Settings(noise={("board", CASE, "time"): NoiseFloor(0.15, "")})
    row = compare_one(timed(normal(100, 1, 20, 1)), timed(normal(110, 1, 20, 2)), noisy)
    assert row.verdict is Verdict.SAME
    assert "noise floor of 15 %" in row.evidence


def test_same_is_earned_by_a_short_interval_and_not_by_the_lack_of_significance() -> None:
    row = compare_one(timed(normal(100, 5, 10, 1)), timed(normal(100, 5, 10, 2)))
    assert row.verdict is Verdict.UNSURE
    assert row.effect is not None
    assert row.effect.samples_needed > 0
    assert compare_one(timed(normal(100, 0.5, 10, 1)), timed(normal(100, 0.5, 10, 2))).verdict is Verdict.SAME


def test_three_samples_can_show_nothing_and_four_are_asked_for() -> None:
    row = compare_one(timed([1.0, 1.01, 1.02]), timed([2.0, 2.01, 2.02]))
    assert row.verdict is Verdict.UNSURE
    assert row.effect is not None
    assert row.effect.samples_needed == 1
    assert (
        compare_one(timed([1.0, 1.01, 1.02, 1.03]), timed([2.0, 2.01, 2.02, 2.03])).verdict
        is Verdict.REGRESSED
    )


def test_a_single_sample_is_unsure_and_not_same() -> None:
    assert compare_one(timed([1.0]), timed([1.0])).verdict is Verdict.UNSURE


def test_more_comparisons_ask_for_more_samples() -> None:
    def needed(rows: int) -> int:
        noise = [normal(100, 3, 4, seed) for seed in range(2 * rows)]
        cases = [type(CASE)("alloc.Churn", (("size", str(i)),)) for i in range(rows)]
        before = {c: timed([1.0, 1.1, 1.2, 1.3] if i == 0 else noise[i], c) for i, c in enumerate(cases)}
        after = {c: timed([9.0, 9.1, 9.2, 9.3] if i == 0 else noise[-i], c) for i, c in enumerate(cases)}
        effect = compare_all(before, after).metrics[0].effect
        assert effect is not None
        return effect.samples_needed

    assert needed(1) == 0
    assert 0 < needed(50) <= needed(500)


def test_turns_of_one_sitting_see_through_a_machine_that_drifts() -> None:
    drift = np.exp(np.linspace(0, 0.5, 12))
    noise = np.random.default_rng(1).normal(0, 0.002, (2, 12))
    base, head = drift * np.exp(noise[0]), 1.05 * drift * np.exp(noise[1])
    together = compare_one(timed(base, sitting="s1"), timed(head, sitting="s1"))
    apart = compare_one(timed(base, sitting="s1"), timed(head, sitting="s2"))
    assert (together.verdict, apart.verdict) == (Verdict.REGRESSED, Verdict.UNSURE)
    assert together.effect is not None
    assert together.effect.method == "signed-rank"


def test_a_few_rare_misses_after_none_are_not_infinitely_worse() -> None:
    few = [0.0, 0.0005, 0.0011, 0.0002, 0.0008, 0.0, 0.001, 0.0004]
    row = compare_one(timed([0.0] * 8, metric="dtlb_misses"), timed(few, metric="dtlb_misses"))
    assert row.verdict is Verdict.SAME
    many = [0.5, 0.6, 0.7, 0.5, 0.55, 0.65, 0.6, 0.5]
    row = compare_one(timed([0.0] * 8, metric="dtlb_misses"), timed(many, metric="dtlb_misses"))
    assert row.verdict is Verdict.REGRESSED
    assert row.effect is not None
    assert math.isinf(row.effect.ratio)


@settings(deadline=None)
@given(side, side, st.sampled_from([2.0**-40, 2.0**-8, 2.0**10]))
def test_the_unit_of_time_changes_nothing(base: list[float], head: list[float], scale: float) -> None:
    one = compare_one(timed(base), timed(head))
    other = compare_one(timed([scale * x for x in base]), timed([scale * x for x in head]))
    assert one.effect is not None
    assert other.effect is not None
    assert other.effect.ratio == pytest.approx(one.effect.ratio, rel=1e-9)
    assert (other.effect.p, other.verdict) == (one.effect.p, one.verdict)


@settings(deadline=None)
@given(side, side)
def test_swapping_the_sides_turns_the_ratio_over_and_the_verdict_round(
    base: list[float], head: list[float]
) -> None:
    there, back = compare_one(timed(base), timed(head)), compare_one(timed(head), timed(base))
    assert there.effect is not None
    assert back.effect is not None
    assert back.effect.ratio == pytest.approx(1 / there.effect.ratio, rel=1e-9)
    assert back.effect.p == pytest.approx(there.effect.p)
    assert back.effect.samples_needed == there.effect.samples_needed
    assert there.verdict is not None
    assert back.verdict is OPPOSITE.get(there.verdict, there.verdict)
    if there.effect.low > 0:
        assert back.effect.high == pytest.approx(1 / there.effect.low, rel=1e-9)


@settings(deadline=None)
@given(side, side, st.randoms(use_true_random=False))
def test_the_order_of_unpaired_samples_changes_nothing(base: list[float], head: list[float], random) -> None:
    shuffled = list(base)
    random.shuffle(shuffled)
    assert compare_one(timed(base), timed(head)).effect == compare_one(timed(shuffled), timed(head)).effect


@settings(deadline=None)
@given(side, side)
def test_the_estimate_lies_in_its_interval_and_no_verdict_contradicts_it(
    base: list[float], head: list[float]
) -> None:
    row = compare_one(timed(base), timed(head))
    effect = row.effect
    assert effect is not None
    assume(effect.low > 0)
    assert effect.low <= effect.ratio <= effect.high
    if row.verdict is Verdict.REGRESSED:
        assert effect.low >= 1
    if row.verdict is Verdict.SAME:
        assert effect.low * (1 + 1e-9) >= 1 / 1.02
        assert effect.high <= 1.02 * (1 + 1e-9)
