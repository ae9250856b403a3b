"""The table of the history page: a row a commit, a column a line, what has no value by mark and word."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
import numpy as np
from dash import html

from dashboard.data.lines import Line
from dashboard.data.trend import Trend
from dashboard.figures.room import width_of
from dashboard.looks.states import look_of
from dashboard.looks.wording import revision_line
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.index.states import OK
from pagewalk.reports.wording import printable
from pagewalk.units import quantity

_MOST_CELLS = 1_500
"""Of the table; the CSV has all."""
_IN_COLUMN, _MOST_HEAD = 130, 6
"""Pixels that a name has in the head of the table, and the lines that room is kept for."""


def history_table(found: Trend) -> Any:
    """Return the table with its heading and its CSV; columns are lines."""
    most = max(20, _MOST_CELLS // max(1, len(found.lines)))
    revisions = found.revisions[::-1][:most]
    export = dmc.Button("Download CSV", id="history-csv", variant="default", size="xs")
    hint = "Newest first; a row opens its commit (click, or Enter)."
    if len(revisions) < len(found.revisions):
        hint += f" The latest {len(revisions)} commits; the CSV has all."
    head = html.Div(
        [html.H2("Table"), html.Span(hint, className="pw-quiet pw-grow"), export], className="pw-card-head"
    )
    columns = list(_columns(found.lines))
    grid = dag.AgGrid(
        id="history-grid",
        columnDefs=columns,
        rowData=rows(found.lines, revisions),
        getRowId="params.data.id",
        defaultColDef={
            "resizable": True,
            "sortable": True,
            "minWidth": 90,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
        },
        dashGridOptions={"animateRows": False, "rowHeight": 34, "ensureDomOrder": True},
        eventListeners={"cellKeyDown": ["openOnEnter(params, 'history-grid')"]},
        dangerously_allow_code=False,
        className="pw-grid ag-theme-quartz",
        style={
            "height": f"{min(480, _head_height(columns) + 34 * max(2, len(revisions)))}px",
            "width": "100%",
        },
    )
    return html.Section([head, grid], className="pw-card")


def _head_height(columns: Sequence[dict[str, Any]]) -> int:
    """Return the pixels of the table's head and frame: names of columns are wrapped, not cut off."""
    wrapped = max(math.ceil(width_of(one["headerName"]) / _IN_COLUMN) for one in columns)
    return 45 + 15 * min(wrapped, _MOST_HEAD)


def _columns(lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    yield {"field": "name", "headerName": "commit", "initialWidth": 150, "tooltipField": "tip"}
    yield {"field": "date", "headerName": "date", "initialWidth": 112}
    for number, line in enumerate(lines):
        name = " · ".join(part for part in (line.panel, line.label) if part)
        yield {
            "field": f"v{number}",
            "headerName": printable(name),
            "headerTooltip": printable(name),
            "initialWidth": 170,
            "type": "rightAligned",
            "valueFormatter": {"function": f"params.data.v{number}_text"},
        }


def rows(lines: Sequence[Line], revisions: Sequence[IndexedRevision]) -> list[dict[str, Any]]:
    """Return a row a commit, numbers underneath and text on top."""
    places = [{r.commit: at for at, r in enumerate(line.series.revisions)} for line in lines]
    found = []
    for revision in revisions:
        row: dict[str, Any] = {
            "id": revision.commit,
            "name": printable(revision.name),
            "date": revision_line(revision).partition(" · ")[0],
            "tip": revision_line(revision),
        }
        for number, (line, place) in enumerate(zip(lines, places, strict=True)):
            at = place.get(revision.commit)
            row[f"v{number}"] = _number(line, at)
            row[f"v{number}_text"] = cell_text(line, at)
        found.append(row)
    return found


def _number(line: Line, at: int | None) -> float | None:
    value = float("nan") if at is None else float(line.series.values[at]) / line.scale
    return value if np.isfinite(value) else None


def cell_text(line: Line, at: int | None) -> str:
    """Return a value with its unit, or mark and word of what stands in its place."""
    if at is None:
        return "· not measured"
    value, state = float(line.series.values[at]), line.series.states[at]
    if state == OK and np.isfinite(value):
        return quantity(value, line.series.unit) if line.scale == 1.0 else f"×{value / line.scale:.3f}"
    look = look_of(state)
    return f"{look.mark} {look.word}"
