"""The compare page: all machines side by side, in a table and a plot, as the address says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
import plotly.graph_objects as go
from dash import dcc, html

from dashboard.components.pieces import aria, counts, disclosure, problem, scrolling
from dashboard.components.pieces import panel as landmark
from dashboard.components.table import column_defs, row_data
from dashboard.data.address import View, link, parse, write
from dashboard.data.export import table_csv
from dashboard.data.library import Library, Shelf
from dashboard.data.ordering import in_order
from dashboard.data.rows import Row, find_row, shown_rows
from dashboard.data.selection import Selection, handle, select
from dashboard.figures.forest import MOST_ROWS, forest, height_of, least_width, plottable
from dashboard.figures.theme import LAYOUT
from dashboard.looks.verdicts import LOOKS
from dashboard.looks.wording import date_text
from dashboard.pages.controls import choices_of, toolbar
from dashboard.pages.details import details, graph_config
from dashboard.pages.staying import staying
from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.summary import summary, total
from pagewalk.errors import PagewalkError
from pagewalk.model import Machine, Revision
from pagewalk.reports.wording import count_of, printable, rule_text

TITLE = "Compare"
PATH = "/compare"
MOST_LISTED = 250
"""Rows the table gets unless all are asked for: of thousands, a browser takes longer than a click may."""
_MOST_HEIGHT = 640
_EMPTY_HEIGHT = 80
_GRID_OPTIONS: dict[str, Any] = {
    "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
    "postSortRows": {"function": "outcomesFirst(params)"},
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


def try_select(library: Library, view: View) -> tuple[Selection | None, PagewalkError | None]:
    """Return what the view asks for, or why it cannot be had."""
    try:
        return select(library, view), None
    except PagewalkError as error:
        return None, error


def compare_page(library: Library, search: str) -> Any:
    """Return the whole page for an address."""
    view = parse(search)
    selection, error = try_select(library, view)
    found = shown(selection, view)
    return html.Div(
        [
            html.H1("Compare"),
            html.Div(
                toolbar(choices_of(shelves_of(library), selection, view), view.text), className="pw-card"
            ),
            html.Div(headline(selection, view, error), id="headline", **aria(live="polite")),
            html.Div(
                [_table_section(found, view), _plot_section(found)],
                id="results",
                className="pw-results",
                hidden=selection is None,
            ),
            landmark("", *panel(selection, view)),
            dcc.Download(id="download"),
            dcc.Store(id="question", data=question(view)),
            dcc.Store(id="sorted"),
            staying(PATH),
        ],
        className="pw-page",
    )


def question(view: View) -> str:
    """Return all of the view but the open row: table and plot follow from it."""
    return write(replace(view, row=""))


def shelves_of(library: Library) -> dict[str, Shelf]:
    """Return what there is, by subject; nothing where there is no folder."""
    try:
        return library.shelves()
    except PagewalkError:
        return {}


@dataclass(frozen=True, slots=True)
class Shown:
    """What table and plot show of a selection.

    Args:
        rows: all that the view lets through, the most urgent first.
        ordered: the same in the order of the table, where that is too long for the browser to sort and
            filter: then only those that the filters of columns let through.
        listed: those of them that the table gets; `first` come before.
    """

    rows: Sequence[Row] = ()
    ordered: Sequence[Row] = ()
    listed: Sequence[Row] = ()
    first: int = 0
    machines: Sequence[Machine] = ()


def shown(selection: Selection | None, view: View) -> Shown:
    """Return the rows and machines that the view lets through; none without a selection."""
    if selection is None:
        return Shown()
    machines = [m for m in selection.comparison.machines if not view.machines or m.name in view.machines]
    rows = shown_rows(selection.rows, view)
    if view.whole or len(rows) <= MOST_LISTED:
        return Shown(rows, rows, rows, 0, machines)
    ordered = in_order(rows, view)
    first = view.first if view.first < len(ordered) else 0
    return Shown(rows, ordered, ordered[first : first + MOST_LISTED], first, machines)


def headline(selection: Selection | None, view: View, error: PagewalkError | None) -> list[Any]:
    """Return what is compared, how it came out, and what to be wary of."""
    if selection is None:
        return [problem(error)] if error else []
    comparison = selection.comparison
    here = replace(view, row="")
    counted = total(summary(comparison))
    hrefs = {verdict: link(replace(here, verdicts=(LOOKS[verdict].key,))) for verdict in counted}
    names = html.Span(
        [_revision(comparison.base), html.Span("→", className="pw-arrow"), _revision(comparison.head)]
    )
    return [
        html.Div([html.P(names, className="pw-names"), counts(counted, hrefs)], className="pw-headline"),
        html.P(rule_text(comparison.settings), className="pw-quiet"),
        _warnings(comparison),
    ]


def _revision(revision: Revision) -> Any:
    about = f" {date_text(revision)}"
    return html.Span([html.Strong(printable(revision.name)), html.Span(about, className="pw-quiet")])


def _warnings(comparison: Comparison) -> Any:
    if not comparison.warnings:
        return None
    items = html.Ul([html.Li(printable(warning)) for warning in comparison.warnings])
    return disclosure(f"⚠ {count_of(len(comparison.warnings), 'warning')} about how this was measured", items)


def _table_section(found: Shown, view: View) -> Any:
    export = dmc.Button("Download CSV", id="csv", variant="default", size="xs")
    head = html.Div([html.H2("Table", id="table-heading"), _hint(), export], className="pw-card-head")
    grid = dag.AgGrid(
        id="grid",
        columnDefs=column_defs(found.machines, view.sort),
        rowData=row_data(found.listed, found.machines),
        filterModel=view.filters,
        selectedRows=selected(view),
        # So it asks for the state of columns that it has; else it applies the one that nobody gave, twice
        updateColumnState=True,
        getRowId="params.data.id",
        defaultColDef={"resizable": True, "sortable": True, "wrapHeaderText": False, "minWidth": 80},
        rowClassRules={
            "pw-row-outcome": "params.data.outcome",
            "pw-row-broken": "params.data.outcome && params.data.worst === 'broken'",
            "pw-row-fixed": "params.data.outcome && params.data.worst === 'fixed'",
        },
        dashGridOptions=_GRID_OPTIONS,
        eventListeners={"cellKeyDown": ["openOnEnter(params)"], "sortChanged": ["tellSort(params)"]},
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
    ways = [
        ("Earlier rows", replace(view, first=max(0, first - MOST_LISTED)), first > 0),
        ("Further rows", replace(view, first=first + MOST_LISTED), first + len(found.listed) < many),
        ("Show all", replace(view, first=0, whole=True), True),
    ]
    links = [dcc.Link(text, href=link(there), className="pw-chip") for text, there, any_ in ways if any_]
    return [left, *links]


def grid_style(found: Shown) -> dict[str, str]:
    """Return a height that fits the rows, within reason."""
    return {"height": f"{min(_MOST_HEIGHT, 90 + 34 * max(2, len(found.listed)))}px", "width": "100%"}


def selected(view: View) -> dict[str, list[str]]:
    """Return what ag-grid should show as selected."""
    return {"ids": [view.row] if view.row else []}


def _plot_section(found: Shown) -> Any:
    config = graph_config("zoom2d", "pan2d", "resetScale2d", "toImage")
    graph = dcc.Graph(id="forest", figure=plot(found), config=config, className="pw-graph")
    # Narrower screens scroll
    frame = html.Div(graph, id="plot-frame", style=plot_style(found))
    region = scrolling(frame, "plot of the changes")
    head = html.Div([html.H2("Change with its interval", id="plot-heading")], className="pw-card-head")
    caption = html.Figcaption(plot_note(found), id="plot-note", className="pw-quiet")
    return html.Section([head, html.Figure([region, caption])], className="pw-card")


def plot_style(found: Shown) -> dict[str, str]:
    """Return the width below which the plot scrolls, and its height."""
    drawn = plottable(found.rows)[:MOST_ROWS]
    height = height_of(len(drawn)) if drawn else _EMPTY_HEIGHT
    return {"minWidth": f"{least_width(drawn, len(found.machines))}px", "height": f"{height}px"}


def plot(found: Shown) -> go.Figure:
    """Return the forest plot; an empty one where nothing can be drawn."""
    rows = plottable(found.rows)
    return forest(rows[:MOST_ROWS], found.machines) if rows else _empty()


def plot_note(found: Shown) -> str:
    """Return how the plot is to be read, and what it leaves out."""
    drawn = plottable(found.rows)
    if not drawn:
        return "No row that passes the filters has a change to draw."
    left = (
        f" The first {MOST_ROWS} of {len(drawn)} rows; filter to see others."
        if len(drawn) > MOST_ROWS
        else ""
    )
    axis = "Head over base, logarithmic; right is more, and less is better everywhere."
    return f"{axis} Grey bars are changes too small to count.{left}"


def _empty() -> go.Figure:
    figure = go.Figure()
    figure.update_layout(**LAYOUT, height=_EMPTY_HEIGHT, xaxis={"visible": False}, yaxis={"visible": False})
    return figure


def panel(selection: Selection | None, view: View) -> tuple[str, list[Any]]:
    """Return title and content of the panel; nothing where no row is open."""
    if selection is None or not view.row:
        return "", []
    row = find_row(selection.rows, view.row)
    if row is None:
        text = "This comparison has no such row. It may have been measured at other revisions only."
        return printable(view.row), [html.P(text)]
    return f"{printable(str(row.case))} · {row.title}", details(selection.comparison, row)


def csv_of(selection: Selection | None, view: View, order: Sequence[str]) -> tuple[str, str]:
    """Return file name and content of the table as it is shown.

    Args:
        order: identities of the rows that the browser shows, in its order; hostile. Rows that it
            was not given stand where they would be.
    """
    found = shown(selection, view)
    listed = {row.id: row for row in found.listed}
    seen = [listed[identity] for identity in dict.fromkeys(order) if identity in listed]
    rows = [*found.ordered[: found.first], *seen, *found.ordered[found.first + len(found.listed) :]]
    text = table_csv(rows, [machine.name for machine in found.machines])
    if selection is None:
        return "pagewalk.csv", text
    comparison, shelf = selection.comparison, selection.shelf
    names = [shelf.subject, *(handle(r, shelf.revisions) for r in (comparison.base, comparison.head))]
    safe = "-".join("".join(c if c.isalnum() or c in "._+" else "_" for c in name)[:60] for name in names)
    return f"pagewalk-{safe}.csv", text
