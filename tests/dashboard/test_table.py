"""What ag-grid gets: numbers to sort by, text to read, and a reason wherever there is no number."""

import json
from typing import Any

import pytest
from synthetic_results import ASSIGN, EMULATED, LAPTOP, LOCKED, NO_CLOCK, NO_PMU

from dashboard.components.table import column_defs, row_data
from dashboard.data.address import View
from dashboard.data.library import Library
from dashboard.data.rows import all_rows, shown_rows
from dashboard.data.selection import select
from pagewalk.analysis.comparison import Comparison


@pytest.fixture
def comparison(library: Library) -> Comparison:
    return select(library, View(subject="go")).comparison


@pytest.fixture
def data(comparison: Comparison) -> dict[str, dict[str, Any]]:
    rows = row_data(shown_rows(all_rows(comparison), View()), comparison.machines)
    return {row["id"]: row for row in rows}


def number_of(comparison: Comparison, machine: str) -> int:
    return [m.name for m in comparison.machines].index(machine)


def test_a_cell_is_a_number_in_base_units_and_a_text_with_its_unit(
    comparison: Comparison, data: dict[str, dict[str, Any]]
) -> None:
    cell, n = data[f"{ASSIGN}|time"], number_of(comparison, LAPTOP)
    assert cell[f"m{n}_base"] == pytest.approx(50e-9, rel=0.02)
    assert cell[f"m{n}_base_text"].endswith(" ns")
    assert cell[f"m{n}_change"] == pytest.approx(70, abs=3)
    assert "clock, sampled: CLOCK_MONOTONIC" in cell[f"m{n}_base_tip"]


@pytest.mark.parametrize(
    ("machine", "metric", "reason"), [(LAPTOP, "dtlb_misses", NO_PMU), (EMULATED, "time", NO_CLOCK)]
)
def test_a_missing_value_is_no_number_and_says_why(
    comparison: Comparison, data: dict[str, dict[str, Any]], machine: str, metric: str, reason: str
) -> None:
    cell, n = data[f"{ASSIGN}|{metric}"], number_of(comparison, machine)
    assert cell[f"m{n}_base"] is None
    assert cell[f"m{n}_base_text"] == "missing"
    assert reason in cell[f"m{n}_base_tip"]
    assert reason in cell[f"m{n}_change_text"]


def test_a_machine_that_never_ran_a_case_says_so(
    comparison: Comparison, data: dict[str, dict[str, Any]]
) -> None:
    cell, n = data[f"{LOCKED}|outcome"], number_of(comparison, EMULATED)
    assert cell[f"m{n}_head_text"] == "not run"
    assert EMULATED in cell[f"m{n}_head_tip"]


def test_a_crash_names_its_signal_in_the_cell(
    comparison: Comparison, data: dict[str, dict[str, Any]]
) -> None:
    cell, n = data[f"{LOCKED}|outcome"], number_of(comparison, LAPTOP)
    assert (cell[f"m{n}_base_text"], cell[f"m{n}_head_text"]) == ("ok 10/10", "SIGSEGV 10/10")
    assert cell["worst"] == "broken"


def test_a_counter_that_was_nothing_before_sorts_above_every_finite_change(
    comparison: Comparison, data: dict[str, dict[str, Any]]
) -> None:
    n = number_of(comparison, EMULATED)
    changes = [row[f"m{n}_change"] for row in data.values() if row.get(f"m{n}_change") is not None]
    assert data[f"{ASSIGN}|dtlb_misses"][f"m{n}_change"] == max(changes)
    json.dumps(list(data.values()), allow_nan=False)


def test_the_order_is_spelled_out_for_every_column(comparison: Comparison) -> None:
    groups = column_defs(comparison.machines, [("change@laptop", "desc")])
    columns = [column for group in groups for column in group["children"]]
    assert all("sort" in column for column in columns)
    assert [column["colId"] for column in columns if column["sort"]] == ["change@laptop"]


def test_no_field_has_the_name_of_a_machine(comparison: Comparison) -> None:
    for group in column_defs(comparison.machines):
        assert all("." not in column["field"] and "@" not in column["field"] for column in group["children"])
