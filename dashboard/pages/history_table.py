"""The table of the history page: a row a commit, a column a line, what has no value by mark and word."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
import numpy as np
from dash import Dash, Output, html

from dashboard.components.later import Later, answer_when_near
from dashboard.data.lines import Line
from dashboard.data.trend import Trend
from dashboard.figures.room import width_of
from dashboard.looks.states import look_of
from dashboard.looks.wording import revision_line
from pagewalk.errors import PagewalkError
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.index.states import OK
from pagewalk.reports.wording import printable
from pagewalk.units import quantity

PLACE = "history-table"
"""Identity of the place that the table comes into."""
_MOST_CELLS = 1_500
"""Of the table; the CSV has all."""
_IN_COLUMN, _MOST_HEAD = 130, 6
"""Pixels that a name has in the head of the table, and the lines that room is kept for."""


def table_section(note: Any, size: dict[str, str], wanted: str | None) -> Any:
    """Return the section around a table that is asked for when its reader is near.

    Args:
        note: of `table_note`.
        size: of `table_size`.
        wanted: names what the table is to show.
    """
    export = dmc.Button("Download CSV", id="history-csv", variant="default", size="xs")
    hint = html.Span(note, id="history-table-note", className="pw-quiet pw-grow")
    head = html.Div([html.H2("Table"), hint, export], className="pw-card-head")
    grid = dag.AgGrid(
        id="history-grid",
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
        style={"height": "100%", "width": "100%"},
    )
    place = Later(grid, {"height": "100%"}, id=PLACE, wanted=wanted or "")
    return html.Section([head, html.Div(place, id="history-table-frame", style=size)], className="pw-card")


def answer_table(app: Dash, find: Callable[[str], Trend]) -> None:
    """Fill the table once it is asked for.

    Args:
        find: answers what is wanted.
    """

    def fill(wanted: str) -> list[Any]:
        try:
            found = find(wanted)
        except PagewalkError:  # the page says why
            return [[], []]
        return [list(_columns(found.lines)), rows(found.lines, _listed(found))]

    answer_when_near(app, PLACE, [Output("history-grid", part) for part in ("columnDefs", "rowData")], fill)


def table_note(found: Trend) -> str:
    """Return how the table is to be read, and what it leaves out."""
    many = len(_listed(found))
    hint = "Newest first; a row opens its commit (click, or Enter)."
    return hint if many == len(found.revisions) else f"{hint} The latest {many} commits; the CSV has all."


def table_size(found: Trend) -> dict[str, str]:
    """Return a height that fits head and rows, within reason."""
    height = _head_height(list(_columns(found.lines))) + 34 * max(2, len(_listed(found)))
    return {"height": f"{min(480, height)}px"}


def _listed(found: Trend) -> Sequence[IndexedRevision]:
    most = max(20, _MOST_CELLS // max(1, len(found.lines)))
    return found.revisions[::-1][:most]


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
