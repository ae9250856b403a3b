"""What is compared with what, and what else the reader is told."""

from dataclasses import replace

import pytest
from judging import BASE, BOARD, CASE, EXACT, HEAD, SAMPLED, compare_all, compare_one, counted, ended, timed

from pagewalk.analysis.comparison import compare
from pagewalk.analysis.summary import summary, total, worst
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Case, Machine, Origin, Outcome, Record, Values

STEADY = [1.0, 1.001, 0.999, 1.002, 0.998, 1.0, 1.001, 0.9995]
DOUBLED = [2 * x for x in STEADY]


def without(metric: str, reason: str) -> Record:
    return Record(CASE, {Outcome.OK: 1}, {metric: Values(metric, missing=reason)})


def test_a_metric_missing_on_a_side_has_no_verdict_and_says_why() -> None:
    row = compare_one(timed(STEADY), without("time", "no clock"))
    assert (row.verdict, row.effect, row.evidence) == (None, None, "after: no clock")


def test_a_metric_missing_on_both_sides_gives_the_reason_once() -> None:
    assert compare_one(without("time", "no clock"), without("time", "no clock")).evidence == "no clock"


def test_a_metric_a_record_does_not_mention_is_missing_because_it_crashed() -> None:
    row = compare_one(timed(STEADY), ended(crashed=3))
    assert (row.verdict, row.evidence) == (None, "after: no sample: crashed")


def test_a_case_measured_at_one_revision_only_is_named_and_warned_about() -> None:
    comparison = compare_all({}, {CASE: timed(STEADY)})
    assert comparison.outcomes == ()
    assert comparison.metrics[0].evidence == "before: not measured at before"
    assert "board: 1 case measured only after" in comparison.warnings


def test_hardware_and_simulated_counts_are_never_compared() -> None:
    base, head = counted([1.0]), counted([1.0])
    hardware = replace(EXACT, origin=Origin.HARDWARE)
    real = base._replace(values={"dtlb_misses": Values("dtlb_misses", (1.0,), hardware)})
    row = compare_one(real, head)
    assert (row.verdict, row.effect) == (None, None)
    assert row.evidence.startswith("hardware before, simulated after")


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -1.0])
def test_a_sample_that_cannot_be_is_not_compared(wrong: float) -> None:
    row = compare_one(timed(STEADY), timed([*STEADY, wrong]))
    assert row.verdict is None
    assert "which no time can be" in row.evidence


def test_another_kernel_on_the_second_side_is_a_warning_once() -> None:
    before = {
        c: timed(STEADY, c)._replace(facts={"kernel": "6.1", "allocator": "a"}) for c in (CASE, Case("x.Y"))
    }
    after = {c: timed(STEADY, c)._replace(facts={"kernel": "6.12", "allocator": "b"}) for c in before}
    told = [w for w in compare_all(before, after).warnings if "6.12" in w]
    assert len(told) == 1
    assert told[0].startswith("board: kernel was 6.1 before and is 6.12 after (2 cases)")
    assert not any("allocator" in warning for warning in compare_all(before, after).warnings)


def test_huge_pages_switched_on_between_the_sides_are_a_warning() -> None:
    before, after = (
        timed(STEADY)._replace(facts={"transparent_hugepage.enabled": choice})
        for choice in ("never", "always")
    )
    told = compare_all({CASE: before}, {CASE: after}).warnings
    assert any("transparent_hugepage.enabled was never before and is always after" in w for w in told)


def test_a_counter_that_was_silently_replaced_is_a_warning() -> None:
    clock = Values("time", tuple(STEADY), replace(SAMPLED, source="cpu-clock"))
    replaced = timed(STEADY)._replace(values={"time": clock})
    told = compare_all({CASE: timed(STEADY)}, {CASE: replaced}).warnings
    assert "board: time came from clock before and cpu-clock after (1 case)" in told


def test_a_multiplexed_counter_is_a_warning() -> None:
    shared = Values("time", tuple(STEADY), replace(SAMPLED, share=0.4))
    told = compare_all(
        {CASE: timed(STEADY)._replace(values={"time": shared})}, {CASE: timed(STEADY)}
    ).warnings
    assert any("counted only 40.0 % of the time" in warning for warning in told)


def test_cases_come_by_name_and_size_whatever_order_they_were_taken_in() -> None:
    sizes = ("1536", "64", "'small'", "nan", "80.5")
    cases = {Case("b.X", (("size", size),)): timed(STEADY) for size in sizes} | {Case("a.X"): timed(STEADY)}
    told = [str(row.case) for row in compare_all(cases, dict(reversed(cases.items()))).metrics]
    assert told == ["a.X", *(f"b.X(size={size})" for size in ("64", "80.5", "1536", "'small'", "nan"))]


def test_every_machine_is_compared_with_itself_only() -> None:
    fast, slow = Machine("fast", "x86_64", False), Machine("slow", "riscv64", False)
    base = {"fast": {CASE: timed(STEADY)}, "slow": {CASE: timed(DOUBLED)}}
    comparison = compare(BASE, HEAD, [fast, slow], base, base)
    assert [row.verdict for row in comparison.metrics] == [Verdict.SAME, Verdict.SAME]


def test_the_summary_counts_rows_by_machine_and_the_worst_decides() -> None:
    comparison = compare_all(
        {CASE: timed(STEADY), Case("x.Y"): ended(ok=3)._replace(case=Case("x.Y"))},
        {CASE: timed(DOUBLED), Case("x.Y"): ended(crashed=3)._replace(case=Case("x.Y"))},
    )
    assert summary(comparison) == {"board": {Verdict.BROKEN: 1, Verdict.REGRESSED: 1}}
    assert list(total(summary(comparison))) == [Verdict.BROKEN, Verdict.REGRESSED]
    assert worst(comparison) is Verdict.BROKEN


def test_an_improvement_alone_is_the_worst_there_is() -> None:
    assert worst(compare_all({CASE: timed(DOUBLED)}, {CASE: timed(STEADY)})) is Verdict.IMPROVED


def test_nothing_compared_is_unsure_and_not_same() -> None:
    assert worst(compare(BASE, HEAD, [BOARD], {}, {})) is Verdict.UNSURE
    assert (
        worst(compare_all({CASE: without("time", "none")}, {CASE: without("time", "none")})) is Verdict.UNSURE
    )


def test_a_subject_that_is_only_asked_whether_it_crashes_can_be_the_same() -> None:
    assert worst(compare_all({CASE: ended(ok=5)}, {CASE: ended(ok=5)})) is Verdict.SAME
