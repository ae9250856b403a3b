"""Rows of the comparison sorted and filtered by columns, here and not in the browser: it gets a page of them.

Means what ag-grid means by the same words, for it does so again with the rows that it has.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

from dashboard.data.address import View
from dashboard.data.rows import Row, better_known, percent_of
from dashboard.looks.verdicts import PROMINENCE
from dashboard.looks.wording import case_text, provenance_tag
from pagewalk.analysis.comparison import MetricRow, OutcomeRow
from pagewalk.reports.wording import middle

Cell = str | float | None
Condition = Mapping[str, Any]
_PROCESS = "process status"

_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda value, word: word in value,
    "notContains": lambda value, word: word not in value,
    "equals": lambda value, word: value == word,
    "notEqual": lambda value, word: value != word,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}
_NUMBERS: Mapping[str, Callable[[float, float, float], bool]] = {
    "equals": lambda value, limit, _to: value == limit,
    "notEqual": lambda value, limit, _to: value != limit,
    "lessThan": lambda value, limit, _to: value < limit,
    "lessThanOrEqual": lambda value, limit, _to: value <= limit,
    "greaterThan": lambda value, limit, _to: value > limit,
    "greaterThanOrEqual": lambda value, limit, _to: value >= limit,
    "inRange": lambda value, limit, to: limit < value < to,
}


def in_order(rows: Sequence[Row], view: View) -> Sequence[Row]:
    """Return those rows that the view's column filters let through, as it sorts them; endings stay on top.

    Without a sort the order is that of `rows`.
    """
    filters = view.filters
    kept = [row for row in rows if _passes(row, filters)] if filters else rows
    if not view.sort:
        return kept
    ordered = list(kept)
    for column, way in reversed(view.sort):
        ordered.sort(key=_by(column), reverse=way == "desc")
    return sorted(ordered, key=lambda row: not row.is_outcome)


def cell_of(row: Row, column: str) -> Cell:
    """Return what a column sorts and filters by; None where the row says nothing there, or nobody knows it.

    Args:
        column: see `dashboard.components.table.column_id`; hostile.
    """
    if column == "case":
        return case_text(row.case)
    if column == "metric":
        return row.title
    part, _, machine = column.partition("@")
    cell = row.cells.get(machine)
    if cell is None:
        return None
    if part == "verdict":
        return PROMINENCE[cell.verdict]
    return _ending(part) if isinstance(cell, OutcomeRow) else _number(cell, part)


def _ending(part: str) -> Cell:
    return _PROCESS if part == "source" else None


def _number(cell: MetricRow, part: str) -> Cell:
    match part:
        case "base":
            return middle(cell.base)
        case "head":
            return middle(cell.head)
        case "change":
            return percent_of(cell)
        case "source":
            return provenance_tag(better_known(cell))
        case _:
            return None


def _by(column: str) -> Callable[[Row], tuple[bool, Any]]:
    def key(row: Row) -> tuple[bool, Any]:
        # Nothing comes before anything, as in the browser; all else of one column is text, or all is numbers
        cell = cell_of(row, column)
        return cell is not None, 0 if cell is None else cell

    return key


def _passes(row: Row, filters: Mapping[str, Any]) -> bool:
    return all(_matches(cell_of(row, column), model) for column, model in filters.items())


def _matches(cell: Cell, model: Condition) -> bool:
    conditions = model.get("conditions") or [model]
    met = (_meets(cell, condition) for condition in conditions)
    return any(met) if model.get("operator") == "OR" else all(met)


def _meets(cell: Cell, condition: Condition) -> bool:
    """Tell whether a cell meets a condition; all meet one that means nothing, as if it were not there."""
    kind, wanted = str(condition.get("type")), condition.get("filter")
    if kind in ("blank", "notBlank"):
        return (cell is None or cell == "") is (kind == "blank")
    if isinstance(wanted, str) and kind in _TEXTS:
        if cell is None:
            return kind in ("notContains", "notEqual")
        return _TEXTS[kind](str(cell).lower(), wanted.strip().lower())
    if _is_number(wanted) and kind in _NUMBERS:
        to = condition.get("filterTo")
        return _is_number(cell) and _NUMBERS[kind](cell, wanted, to if _is_number(to) else wanted)
    return True


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
