"""What the table's rows are, in which order, and which of them a view lets through."""

import pytest
from synthetic_results import ASSIGN, BOARD, LAPTOP, LOCKED

from dashboard.data.address import View
from dashboard.data.library import Library
from dashboard.data.rows import OUTCOME, Row, all_rows, find_row, metrics_of, shown_rows
from dashboard.data.selection import select
from dashboard.looks.verdicts import PROMINENCE
from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.verdict import Verdict


@pytest.fixture
def comparison(library: Library) -> Comparison:
    return select(library, View(subject="go")).comparison


def test_endings_come_before_all_numbers_and_news_before_none(comparison: Comparison) -> None:
    rows = all_rows(comparison)
    assert (rows[0].case, rows[0].metric, rows[0].verdict) == (LOCKED, OUTCOME, Verdict.BROKEN)
    prominences = [PROMINENCE[row.verdict] for row in rows[1:]]
    assert prominences == sorted(prominences, reverse=True)


def test_one_row_holds_all_machines(comparison: Comparison) -> None:
    row = find_row(all_rows(comparison), f"{ASSIGN}|time")
    assert row is not None
    assert {LAPTOP, BOARD} <= row.cells.keys()


def test_a_case_that_ended_well_on_both_sides_has_no_row_for_its_ending(comparison: Comparison) -> None:
    assert find_row(all_rows(comparison), f"{ASSIGN}|{OUTCOME}") is None


def test_the_machines_shown_decide_which_verdicts_count(comparison: Comparison) -> None:
    broken = View(verdicts=("broken",))
    assert [row.case for row in shown_rows(all_rows(comparison), broken)] == [LOCKED]
    assert shown_rows(all_rows(comparison), View(verdicts=("broken",), machines=(BOARD,))) == []


def test_all_words_must_be_in_the_cases_name_in_any_case(comparison: Comparison) -> None:
    rows = shown_rows(all_rows(comparison), View(text="4096 ASSIGN"))
    assert {row.case for row in rows} == {ASSIGN}


@pytest.mark.parametrize(
    "view", [View(text="nothing is called so"), View(machines=("elsewhere",)), View(metrics=("elves",))]
)
def test_a_filter_that_nothing_passes_shows_nothing(comparison: Comparison, view: View) -> None:
    assert shown_rows(all_rows(comparison), view) == []


def test_outcomes_can_be_chosen_like_a_metric(comparison: Comparison) -> None:
    assert metrics_of(comparison)[0] == OUTCOME
    (row,) = shown_rows(all_rows(comparison), View(metrics=(OUTCOME,)))
    assert row.is_outcome


def test_identities_of_rows_are_unique(comparison: Comparison) -> None:
    identities = [row.id for row in all_rows(comparison)]
    assert len(set(identities)) == len(identities)


def test_an_empty_comparison_has_no_rows(comparison: Comparison) -> None:
    empty = Comparison(comparison.base, comparison.head, (), (), ())
    rows: list[Row] = all_rows(empty)
    assert rows == []
