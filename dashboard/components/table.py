"""Rows as ag-grid takes them: column definitions, and cells that are numbers underneath and text on top."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboard.data.rows import Row, better_known, percent_of
from dashboard.looks.verdicts import LOOKS, PROMINENCE
from dashboard.looks.wording import case_text, outcome_text, provenance_tag, source_text, value_text
from pagewalk.analysis.comparison import MetricRow, OutcomeRow
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Machine
from pagewalk.reports.wording import middle, printable, row_change
from pagewalk.units import interval

_PARTS = ("base", "head", "change", "verdict", "source")
_TITLES = {"base": "base", "head": "head", "change": "change", "verdict": "verdict", "source": "source"}
_WIDTHS = {"base": 92, "head": 134, "change": 178, "verdict": 124, "source": 150}
_VERDICT_CLASSES = {
    look.key: f"params.data && params.data['FIELD'] === '{look.key}'" for look in LOOKS.values()
}

Data = dict[str, Any]


def column_id(part: str, machine: str) -> str:
    """Name a column so that an address outlives a new machine."""
    return f"{part}@{machine}"


def column_defs(machines: Sequence[Machine], sort: Sequence[tuple[str, str]] = ()) -> list[dict[str, Any]]:
    """Return the columns: case and metric, then a group a machine."""
    order = {column: (way, place) for place, (column, way) in enumerate(sort)}
    groups = [_group(number, machine, order) for number, machine in enumerate(machines)]
    # A header row without a cell in it would be a row of nothing for a screen reader
    what = {"headerName": "what", "groupId": "what", "children": _heads(order)}
    return [what, *groups]


def row_data(rows: Sequence[Row], machines: Sequence[Machine]) -> list[Data]:
    """Return the cells of every row. Field names hold no names of machines: ag-grid splits them at dots.

    To the grid a row is its place: it draws rows anew where they go by other names, and fills those it has
    where they do not, in a fraction of the time.
    """
    return [{"place": str(place), **_row(row, machines)} for place, row in enumerate(rows)]


def _heads(order: Mapping[str, tuple[str, int]]) -> list[dict[str, Any]]:
    text: dict[str, Any] = {
        "filter": "agTextColumnFilter",
        "tooltipField": "case_tip",
        "initialPinned": "left",
    }
    case = {**text, "field": "case", "headerName": "case", "initialWidth": 236, "cellClass": "pw-case"}
    metric = {**text, "field": "metric", "headerName": "metric", "initialWidth": 126}
    return [
        {**column, "colId": column["field"], **_sorted(column["field"], order)} for column in (case, metric)
    ]


def _sorted(column: str, order: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    """Spell "not sorted" out: ag-grid keeps the former order of a column that says nothing."""
    way, place = order.get(column, (None, None))
    return {"sort": way, "sortIndex": place}


def _group(number: int, machine: Machine, order: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    kind = f"{machine.architecture}, emulated" if machine.emulated else machine.architecture
    columns = [_column(part, number, machine.name, order) for part in _PARTS]
    return {
        "headerName": printable(f"{machine.name} · {kind}"),
        "groupId": f"machine{number}",
        "children": columns,
        "marryChildren": True,
        "headerClass": "pw-machine",
    }


def _column(part: str, number: int, machine: str, order: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    field = f"m{number}_{part}"
    column = column_id(part, machine)
    common: dict[str, Any] = {
        "field": field,
        "colId": column,
        "headerName": _TITLES[part],
        "initialWidth": _WIDTHS[part],
        "tooltipField": f"{field}_tip",
        **_sorted(column, order),
    }
    if part == "source":
        return {**common, "columnGroupShow": "open", "filter": "agTextColumnFilter"}
    shown = {"valueFormatter": {"function": f"params.data.{field}_text"}}
    if part == "verdict":
        rules = {
            f"pw-verdict pw-{key}": rule.replace("FIELD", f"m{number}_key")
            for key, rule in _VERDICT_CLASSES.items()
        }
        return {**common, **shown, "cellClassRules": rules, "filter": False}
    missing = f"params.data.m{number}_key == null || (params.value == null && !params.data.outcome)"
    rules = {"pw-missing": missing}
    return {
        **common,
        **shown,
        "cellClassRules": rules,
        "type": "rightAligned",
        "filter": "agNumberColumnFilter",
    }


def _row(row: Row, machines: Sequence[Machine]) -> Data:
    data: Data = {
        "id": row.id,
        "case": case_text(row.case),
        "case_tip": printable(str(row.case)),
        "metric": row.title,
        "outcome": row.is_outcome,
        "worst": LOOKS[row.verdict].key,
    }
    for number, machine in enumerate(machines):
        cell = row.cells.get(machine.name)
        for name, value in _cell(cell, machine):
            data[f"m{number}_{name}"] = value
    return data


def _cell(cell: MetricRow | OutcomeRow | None, machine: Machine) -> Iterator[tuple[str, Any]]:
    if cell is None:
        # Blank would look like a defect; this says that nobody measured it
        yield from (
            (f"{part}_{suffix}", text)
            for part in ("base", "head")
            for suffix, text in (
                ("text", "not run"),
                ("tip", f"{printable(machine.name)} has no record of it"),
            )
        )
        return
    yield from _verdict(cell.verdict, cell.evidence)
    yield from _outcome(cell) if isinstance(cell, OutcomeRow) else _metric(cell)


def _verdict(verdict: Verdict | None, evidence: str) -> Iterator[tuple[str, Any]]:
    look = LOOKS[verdict]
    yield "key", look.key
    yield "verdict", PROMINENCE[verdict]
    yield "verdict_text", look.label
    yield "verdict_tip", printable(evidence)


def _outcome(cell: OutcomeRow) -> Iterator[tuple[str, Any]]:
    for side, record in (("base", cell.base), ("head", cell.head)):
        yield side, None
        yield f"{side}_text", outcome_text(record)
        yield f"{side}_tip", f"{record.outcome}. Open the row for the crash record."
    yield "change_text", ""
    yield "change", None
    yield "source", "process status"


def _metric(cell: MetricRow) -> Iterator[tuple[str, Any]]:
    for side, values in (("base", cell.base), ("head", cell.head)):
        yield side, middle(values)
        yield f"{side}_text", value_text(values)
        yield f"{side}_tip", source_text(values)
    yield "change", percent_of(cell)
    yield "change_text", row_change(cell) if cell.effect else printable(cell.evidence)
    yield "change_tip", _interval_text(cell)
    yield "source", provenance_tag(better_known(cell))
    yield "source_tip", source_text(better_known(cell))


def _interval_text(cell: MetricRow) -> str:
    effect = cell.effect
    if effect is None:
        return printable(cell.evidence)
    if effect.exact:
        return "exact: both sides repeat to the count"
    return f"{effect.confidence:.0%} interval {interval(effect.low, effect.high)}, {effect.method}"
