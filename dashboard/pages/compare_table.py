"""The table of the comparison: its rows, and the ways to those that it leaves out."""

from dataclasses import replace
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.pieces import aria
from dashboard.components.table import column_defs, row_data
from dashboard.data.address import View, link
from dashboard.data.shown import Shown

_MOST_HEIGHT = 640
_GRID_OPTIONS: dict[str, Any] = {
    "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
    "postSortRows": {"function": "fromTop(params)"},
    "processUnpinnedColumns": {"function": "unpinForPhones(params)"},
    "tooltipShowDelay": 250,
    "animateRows": False,
    "suppressColumnMoveAnimation": True,
    "rowBuffer": 3,
    "enableCellTextSelection": True,
    "ensureDomOrder": True,
    "rowHeight": 34,
    "headerHeight": 34,
    "groupHeaderHeight": 34,
}


def table_section(found: Shown, view: View) -> Any:
    export = dmc.Button("Download CSV", id="csv", variant="default", size="xs")
    head = html.Div([html.H2("Table", id="table-heading"), _hint(), export], className="pw-card-head")
    grid = dag.AgGrid(
        id="grid",
        columnDefs=column_defs(found.machines, view.sort),
        rowData=row_data(found.listed, found.machines),
        filterModel=view.filters,
        selectedRows=selected(found, view),
        # So it asks for the state of columns that it has; else it applies the one that nobody gave, twice
        updateColumnState=True,
        getRowId="params.data.place",
        defaultColDef={"resizable": True, "sortable": True, "wrapHeaderText": False, "minWidth": 80},
        rowClassRules={
            "pw-row-outcome": "params.data.outcome",
            "pw-row-broken": "params.data.outcome && params.data.worst === 'broken'",
            "pw-row-fixed": "params.data.outcome && params.data.worst === 'fixed'",
        },
        dashGridOptions=_GRID_OPTIONS,
        eventListeners={
            "cellClicked": ["open(params)"],
            "cellKeyDown": ["openOnEnter(params)"],
            "sortChanged": ["tellSort(params)"],
        },
        dangerously_allow_code=False,
        className="pw-grid ag-theme-quartz",
        style=grid_style(found),
    )
    note = html.P(table_note(found, view), id="table-note", className="pw-quiet")
    return html.Section([head, grid, note], className="pw-card", **aria(labelledby="table-heading"))


def _hint() -> Any:
    text = "A row opens its samples, sources and crash record (click, or Enter). A ▸ group has its sources."
    return html.Span(text, className="pw-quiet pw-grow")


def table_note(found: Shown, view: View) -> list[Any]:
    """Return what the table leaves out, and links that show it; nothing where it lists all."""
    many, first = len(found.ordered), found.first
    if len(found.listed) == many:
        return []
    left = f"Rows {first + 1} to {first + len(found.listed)} of {many}; a column sorts and filters all. "
    if not (first or view.sort):
        left = f"The {len(found.listed)} most urgent of {many} rows; a column sorts and filters all. "
    paged = (("Earlier rows", found.earlier), ("Further rows", found.further))
    ways = {text: replace(view, first=begin) for text, begin in paged if begin is not None}
    ways["Show all"] = replace(view, first=0, whole=True)
    return [left, *(dcc.Link(text, href=link(there), className="pw-chip") for text, there in ways.items())]


def heads_of(found: Shown, view: View) -> list[list[str]]:
    """Return what the columns of the table follow from: machines, and what sorts it."""
    machines = [[machine.name, machine.architecture, str(machine.emulated)] for machine in found.machines]
    return [*machines, *map(list, view.sort)]


def grid_style(found: Shown) -> dict[str, str]:
    """Return a height that fits the rows, within reason."""
    return {"height": f"{min(_MOST_HEIGHT, 90 + 34 * max(2, len(found.listed)))}px", "width": "100%"}


def selected(found: Shown, view: View) -> dict[str, list[str]]:
    """Return what ag-grid should show as selected: the place of the open row, where that is listed."""
    return {"ids": [str(place) for place, row in enumerate(found.listed) if row.id == view.row]}
