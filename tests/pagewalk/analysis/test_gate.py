"""The gate's answer, by itself: what stands above what, and what exempts what until when."""

from dataclasses import replace
from datetime import date

import pytest

from pagewalk.analysis.comparison import Comparison, MetricRow, OutcomeRow
from pagewalk.analysis.gate import Answer, Unchanged, judge_gate
from pagewalk.analysis.limits import NEVER_MEASURED, limits_of
from pagewalk.analysis.rules import ENDING, Exemption, Rules, Scope, Threshold
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Case, Machine, Outcome, Record, Revision, Values
from pagewalk.reports.gate_text import remarks

TODAY = date(2026, 11, 21)
CHURN, LARSON = Case("alloc.Churn", (("size", "64"),)), Case("alloc.Larson")
NO_RULES = Rules()
BOARD = Machine("board", "riscv64", emulated=False)


def metric(verdict: Verdict | None, name: str = "time", case: Case = CHURN) -> MetricRow:
    return MetricRow(case, "board", name, Values(name), Values(name), verdict, None, "evidence")


def ending(verdict: Verdict | None, outcome: Outcome = Outcome.OK, case: Case = CHURN) -> OutcomeRow:
    record = Record(case, {outcome: 3}, {})
    return OutcomeRow(case, "board", record, record, verdict, "evidence")


def comparison(*rows: MetricRow | OutcomeRow) -> Comparison:
    return Comparison(
        Revision("s", "1" * 40, "a", 0),
        Revision("s", "2" * 40, "b", 0),
        (),
        tuple(row for row in rows if isinstance(row, OutcomeRow)),
        tuple(row for row in rows if isinstance(row, MetricRow)),
    )


def exempt(expires: date = TODAY, bench: str = "Churn", name: str = "", machine: str = "") -> Exemption:
    return Exemption(Scope(bench, name, machine), "known", expires)


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        ([], Answer.NOTHING),
        ([metric(None), ending(None)], Answer.NOTHING),
        ([ending(Verdict.SAME, Outcome.BUILD_FAILED)], Answer.NOTHING),
        ([ending(Verdict.SAME, Outcome.CRASHED)], Answer.PASSED),
        ([metric(Verdict.SAME), metric(Verdict.UNSURE), metric(Verdict.IMPROVED)], Answer.PASSED),
        ([metric(Verdict.SAME), metric(Verdict.REGRESSED)], Answer.REGRESSED),
        ([metric(Verdict.REGRESSED), ending(Verdict.BROKEN)], Answer.BROKEN),
        ([ending(Verdict.FIXED)], Answer.PASSED),
    ],
)
def test_broken_stands_above_regressed_and_no_news_is_no_good_news(
    rows: list[MetricRow | OutcomeRow], answer: Answer
) -> None:
    assert judge_gate(comparison(*rows), NO_RULES, TODAY).answer is answer


def test_what_builds_to_the_same_bytes_passes_without_being_executed() -> None:
    gate = judge_gate(comparison(), NO_RULES, TODAY, [Unchanged(CHURN, "board")])
    assert gate.answer is Answer.PASSED


def test_an_exemption_holds_on_its_last_day_and_no_longer() -> None:
    slower = comparison(metric(Verdict.REGRESSED))
    held = judge_gate(slower, Rules(exemptions=(exempt(TODAY),)), TODAY)
    assert held.answer is Answer.PASSED
    assert [finding.exemption for finding in held.exempted] == [exempt(TODAY)]
    gone = judge_gate(slower, Rules(exemptions=(exempt(date(2026, 11, 20)),)), TODAY)
    assert gone.answer is Answer.REGRESSED
    assert gone.expired == (exempt(date(2026, 11, 20)),)
    assert gone.idle == ()


def test_an_exemption_that_exempts_nothing_is_named() -> None:
    rules = Rules(exemptions=(exempt(bench="Larson"), exempt(name="peak_rss")))
    rows = (metric(Verdict.REGRESSED), metric(Verdict.SAME, case=LARSON), metric(Verdict.SAME, "peak_rss"))
    gate = judge_gate(comparison(*rows), rules, TODAY)
    assert gate.answer is Answer.REGRESSED
    assert (gate.idle, gate.unmet) == (rules.exemptions, ())
    same = judge_gate(comparison(), rules, TODAY, [Unchanged(CHURN, "board"), Unchanged(LARSON, "board")])
    assert (same.idle, same.unmet) == (rules.exemptions, ())


def test_an_exemption_of_what_was_not_judged_this_time_is_not_told_to_be_taken_out() -> None:
    rules = Rules(exemptions=(exempt(bench="Larson"), exempt(machine="other"), exempt(name="peak_rss")))
    gate = judge_gate(comparison(metric(Verdict.SAME), metric(None, "peak_rss")), rules, TODAY)
    assert (gate.idle, gate.unmet) == ((), rules.exemptions)


def test_no_exemption_from_a_number_covers_a_crash() -> None:
    crash = comparison(ending(Verdict.BROKEN))
    assert judge_gate(crash, Rules(exemptions=(exempt(),)), TODAY).answer is Answer.BROKEN
    assert judge_gate(crash, Rules(exemptions=(exempt(name=ENDING),)), TODAY).answer is Answer.PASSED


def test_an_exempted_crash_does_not_hide_a_regression() -> None:
    both = comparison(ending(Verdict.BROKEN), metric(Verdict.REGRESSED, case=LARSON))
    gate = judge_gate(both, Rules(exemptions=(exempt(name=ENDING),)), TODAY)
    assert gate.answer is Answer.REGRESSED


def test_a_threshold_of_one_benchmark_is_part_of_the_rule_and_leaves_the_others_alone() -> None:
    own = (Threshold(Scope("Churn"), 0.1), Threshold(Scope("Churn", "time", "board"), 0.05))
    settings = Settings(thresholds=own)
    places = [("board", CHURN, "time"), ("other", CHURN, "time"), ("board", LARSON, "time")]
    kinds = [False, False, False, True]
    places.append(places[-1])
    unknown = [NEVER_MEASURED] * 4
    assert [one.own for one in limits_of(places, settings, unknown, exact=kinds)] == [0.05, 0.1, 0.02, 0.001]
    without = replace(settings, thresholds=())
    assert [one.own for one in limits_of(places, without, unknown, exact=kinds)] == [0.02] * 3 + [0.001]


@pytest.mark.parametrize(
    ("rows", "machines", "words"),
    [
        ([], [], "no machine that was asked has results of a and b: leave out --no-run"),
        ([], [BOARD], "no case was measured at both a and b"),
        ([metric(None), ending(None)], [BOARD], "no case has a value at both a and b"),
        ([ending(Verdict.SAME, Outcome.BUILD_FAILED)], [BOARD], "neither a nor b builds"),
    ],
)
def test_where_nothing_could_be_measured_the_gate_says_why_and_what_to_do(
    rows: list[MetricRow | OutcomeRow], machines: list[Machine], words: str
) -> None:
    gate = judge_gate(replace(comparison(*rows), machines=tuple(machines)), NO_RULES, TODAY)
    assert gate.why.startswith(words)
    assert gate.why in "\n".join(remarks(gate))


def test_a_gate_that_could_judge_has_no_excuse() -> None:
    assert judge_gate(comparison(metric(Verdict.SAME)), NO_RULES, TODAY).why == ""
