"""Columns sort and filter all rows on the server, by the meaning that ag-grid gives the same words."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_results import BOARD, LAPTOP

from dashboard.data.address import View, column_filters
from dashboard.data.library import Library
from dashboard.data.ordering import cell_of, in_order
from dashboard.data.rows import Row
from dashboard.data.selection import select

COLUMNS = (
    "case",
    "metric",
    *(f"{part}@{LAPTOP}" for part in ("base", "head", "change", "verdict", "source")),
)


@pytest.fixture
def rows(library: Library) -> tuple[Row, ...]:
    return tuple(select(library, View(subject="go")).rows)


def filtered(rows: tuple[Row, ...], **columns: object) -> list[Row]:
    return list(in_order(rows, View(columns=column_filters(columns))))


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("way", ["asc", "desc"])
def test_a_column_sorts_all_rows_and_never_sinks_an_ending(
    rows: tuple[Row, ...], column: str, way: str
) -> None:
    found = in_order(rows, View(sort=((column, way),)))
    assert sorted(row.id for row in found) == sorted(row.id for row in rows)
    endings = [row.is_outcome for row in found]
    assert endings == sorted(endings, reverse=True)
    cells = [cell_of(row, column) for row in found if not row.is_outcome]
    there = [cell for cell in cells if cell is not None]
    assert there == sorted(there, reverse=way == "desc")
    nothing = [cell for cell in cells if cell is None]
    assert cells == (nothing + there if way == "asc" else there + nothing)


def test_a_second_column_orders_what_is_alike_in_the_first(rows: tuple[Row, ...]) -> None:
    found = [r for r in in_order(rows, View(sort=(("metric", "asc"), ("case", "desc")))) if not r.is_outcome]
    for one, other in pairwise(found):
        assert one.title < other.title or (
            one.title == other.title and str(cell_of(one, "case")) >= str(cell_of(other, "case"))
        )


def test_text_is_found_in_upper_and_lower_case(rows: tuple[Row, ...]) -> None:
    some = filtered(rows, case={"filterType": "text", "type": "contains", "filter": "ASSIGN"})
    rest = filtered(rows, case={"filterType": "text", "type": "notContains", "filter": "assign"})
    assert some
    assert rest
    assert {row.id for row in some} | {row.id for row in rest} == {row.id for row in rows}
    assert all("assign" in str(row.case).lower() for row in some)


def test_a_number_is_held_against_the_column_of_its_machine(rows: tuple[Row, ...]) -> None:
    column = f"change@{LAPTOP}"
    more = filtered(rows, **{column: {"filterType": "number", "type": "greaterThan", "filter": 10}})
    assert [cell_of(row, column) for row in more]
    assert all(float(cell_of(row, column) or 0) > 10 for row in more)
    between = {"filterType": "number", "type": "inRange", "filter": 10, "filterTo": 1000}
    assert filtered(rows, **{column: between}) == [
        row for row in more if float(cell_of(row, column) or 0) < 1000
    ]


def test_blank_cells_are_found_and_two_conditions_are_joined(rows: tuple[Row, ...]) -> None:
    column = f"base@{BOARD}"
    blank, there = (
        {"filterType": "number", "type": "blank"},
        {"filterType": "number", "type": "notBlank"},
    )
    assert filtered(rows, **{column: blank}) == [row for row in rows if cell_of(row, column) is None]
    both = {"filterType": "number", "operator": "OR", "conditions": [blank, there]}
    assert filtered(rows, **{column: both}) == list(rows)
    assert filtered(rows, **{column: {**both, "operator": "AND"}}) == []


ODD = (*COLUMNS, "", "base@", "@", "verdict@nobody")
WORDS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["contains", "inRange"]),
)
MODELS = st.dictionaries(
    st.sampled_from(ODD),
    st.dictionaries(st.sampled_from(["type", "filter", "filterTo", "filterType", "operator"]), WORDS),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(model=MODELS, sort=st.lists(st.tuples(st.sampled_from(ODD), st.sampled_from(["asc", "desc"]))))
def test_whatever_an_address_holds_is_answered(
    rows: tuple[Row, ...], model: dict[str, object], sort: list[tuple[str, str]]
) -> None:
    found = in_order(rows, View(columns=column_filters(model), sort=tuple(sort)))
    assert {row.id for row in found} <= {row.id for row in rows}
