"""How the compare page follows its address, and its address the person. Thin: all that decides is elsewhere.

A control never changes the page. It changes the address, and the page follows the address; so reload,
back and a link sent to a colleague all show the same.
"""

from typing import Any

from dash import Dash, Input, Output, State, no_update, set_props
from dash.exceptions import PreventUpdate
from orjson import Fragment

from dashboard.components.lightening import light
from dashboard.data.address import parse, write
from dashboard.data.library import Library
from dashboard.data.shown import Shown, shown
from dashboard.pages import compare, compare_plot, compare_table, controls
from dashboard.pages.choosing import Choice
from dashboard.pages.compare_drawn import drawn
from dashboard.pages.controls import PICKERS, revision_options
from dashboard.pages.filling import anew
from dashboard.pages.heeding import chosen, filled_by, heeded, known_of, news
from dashboard.pages.pickers import offer_on_typing
from dashboard.pages.staying import close, follow_address

_CONTROLS = {
    "sorted.data": "sort",
    "grid.filterModel": "filter",
    "opened-row.data": "opened",
    "forest-clickData.data": "clicked",
}
"""What a person did, by the property that tells it; of others it is the name of the control."""


def register(app: Dash, library: Library) -> None:
    """Connect the compare page."""
    address, opened = follow_address(compare.PATH)
    _follow_address(app, library, address)
    _follow_row(app, library, opened)
    _follow_person(app, library)
    _export(app, library)

    def found(question: str) -> Shown:
        view = parse(question)
        return shown(compare.try_select(library, view)[0], view)

    compare_plot.answer_plot(app, found)

    def commits(search: str) -> list[dict[str, str]]:
        selection, _ = compare.try_select(library, parse(search))
        return revision_options(selection.shelf) if selection else []

    for side in ("base", "head"):
        offer_on_typing(app, side, commits)


def _follow_address(app: Dash, library: Library, address: Input) -> None:
    @app.callback(
        Output("question", "data"),
        filled_by(compare.NAME),
        *[Output(name, part) for name in PICKERS for part in ("data", "value")],
        Output("text", "value"),
        Output("headline", "children"),
        Output("results", "hidden"),
        Output("grid", "columnDefs"),
        Output("grid", "rowData"),
        Output("grid", "filterModel"),
        Output("grid", "style"),
        Output("table-note", "children"),
        compare_plot.WANTED,
        Output("plot-frame", "style"),
        Output("plot-note", "children"),
        Output("columns", "data"),
        address,
        State("question", "data"),
        State("columns", "data"),
        known_of(compare.NAME),
        State("details", "hidden"),
        prevent_initial_call=True,
    )
    def fill(search: str | None, asked: str | None, columns: Any, known: Any, is_closed: Any) -> Any:
        view = parse(search or "")
        question = compare.question(view)
        if question == asked:
            raise PreventUpdate
        if not (is_closed or view.row):
            close(compare.CLOSING)
        page = drawn(library, view)
        # Columns and filters that the table has are not put in again: for that it is drawn from scratch
        is_narrowed = view.filters != parse(asked or "").filters
        return [
            question,
            controls.filled(page.choices, view),
            *anew({name: page.choices[name] for name in PICKERS}, known),
            view.text,
            Fragment(page.headline),
            page.empty,
            no_update if page.heads == columns else Fragment(page.columns),
            Fragment(page.rows),
            view.filters if is_narrowed else no_update,
            page.height,
            Fragment(page.note),
            question,
            page.plot_style,
            page.plot_note,
            page.heads,
        ]


def _follow_row(app: Dash, library: Library, opened: Input) -> None:
    @app.callback(
        Output("details", "hidden"),
        Output("details-title", "children"),
        Output("details-body", "children"),
        Output("grid", "selectedRows"),
        Output("forest", "clickData"),
        opened,
        prevent_initial_call=True,
    )
    def open_row(search: str | None) -> Any:
        view = parse(search or "")
        selection = compare.try_select(library, view)[0] if view.row else None
        title, body = compare.panel(selection, view)
        # A second click on the same point must count too, so the first one is forgotten
        return not title, title, light(body), compare_table.selected(shown(selection, view), view), None


def _follow_person(app: Dash, library: Library) -> None:
    told = [Input(name, "value") for name in (*PICKERS, "text")]
    told += [Input("swap", "n_clicks"), Input("close", "n_clicks"), Input("sorted", "data")]
    told += [Input("grid", "filterModel"), Input("opened-row", "data"), heeded(app, *compare_plot.GESTURE)]

    @app.callback(
        chosen(app, compare.NAME, told),
        State("url", "search"),
        State("question", "data"),
        prevent_initial_call=True,
    )
    def choose(told: Any, search: str | None, filled: str | None) -> None:
        view, shown = parse(search or ""), parse(filled or "")
        selection, _ = compare.try_select(library, shown)
        choice = Choice(shown, selection, compare.shelves_of(library))
        after = view
        for prop, value in news(told).items():
            after = choice.after(after, _CONTROLS.get(prop, prop.partition(".")[0]), value)
        if after != view:
            set_props("url", {"search": write(after)})


def _export(app: Dash, library: Library) -> None:
    @app.callback(
        Output("download", "data"),
        Input("csv", "n_clicks"),
        State("url", "search"),
        State("grid", "virtualRowData"),
        prevent_initial_call=True,
    )
    def export(_clicks: int, search: str | None, visible: list[dict[str, Any]] | None) -> Any:
        view = parse(search or "")
        selection, _ = compare.try_select(library, view)
        order = [str(row.get("id")) for row in visible or [] if isinstance(row, dict)]
        name, text = compare.csv_of(selection, view, order)
        return {"content": text, "filename": name, "type": "text/csv", "base64": False}
