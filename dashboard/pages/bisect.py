"""The bisect page: all searches, and one of them in full, while it runs and after."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html

from dashboard.components.pieces import problem, scrolling, unreadable
from dashboard.data.export import bisection_csv
from dashboard.data.query import Query
from dashboard.data.searches import FIELDS, Searches, Shelved
from dashboard.figures.bisection import HEIGHT, bisection_figure
from dashboard.pages.bisect_parts import commits_table, headline, search_list, status_line
from dashboard.pages.details import graph_config
from dashboard.pages.watching import Glance, WatchedPage
from pagewalk.errors import PagewalkError
from pagewalk.processes import Standing

TITLE = "Bisect"
PATH = "/bisect"
_PARTS = (
    ("status", "children"),
    ("list", "children"),
    ("notice", "children"),
    ("head", "children"),
    ("found", "hidden"),
    ("graph", "figure"),
    ("table", "children"),
)


@dataclass(frozen=True, slots=True)
class BisectPage:
    """The page over the searches in some folders."""

    searches: Searches

    @property
    def page(self) -> WatchedPage:
        return WatchedPage(PATH, FIELDS, _PARTS, self.glance)

    def layout(self, search: str) -> Any:
        """Return the whole page for an address."""
        query = Query.parse(search, FIELDS)
        glance = self.glance(query)
        status, listed, notice, head, hidden, figure, rows = glance.parts()
        part = self.page.part
        found = html.Div(
            [_picture(figure), _table(part("table", rows))],
            id="bisect-found",
            className="pw-results",
            hidden=hidden,
        )
        return html.Div(
            [
                html.H1(TITLE),
                self.page.status(status),
                part("notice", notice),
                part("list", listed),
                part("head", head),
                found,
                dcc.Download(id="bisect-download"),
                *self.page.watch(glance, query),
            ],
            className="pw-page",
        )

    def register(self, app: Dash) -> None:
        """Connect the page."""
        self.page.register(app)

        @app.callback(
            Output("bisect-download", "data"),
            Input("bisect-csv", "n_clicks"),
            State("url", "search"),
            prevent_initial_call=True,
        )
        def export(clicks: int | None, search: str | None) -> Any:
            if not clicks:
                return None
            shelved = self.searches.shelved()
            look = self.searches.look(shelved, self.searches.asked(shelved, Query.parse(search, FIELDS)))
            return {"content": bisection_csv(look), "filename": "pagewalk-bisect.csv", "type": "text/csv"}

    def glance(self, query: Query) -> Glance:
        """Return how the searches stand at this moment."""
        shelved = self.searches.shelved()
        running = any(one.standing is Standing.RUNNING for one in shelved.listed)
        return Glance(f"{query.write()} {shelved.mark()}", running, partial(self._parts, shelved, query))

    def _parts(self, shelved: Shelved, query: Query) -> list[Any]:
        broken = unreadable(shelved.problems, "searches")
        try:
            look = self.searches.look(shelved, self.searches.asked(shelved, query))
        except PagewalkError as error:
            return ["", search_list(shelved.listed, ""), [broken, problem(error)], None, True, {}, None]
        shown = [headline(look), not look.candidates, bisection_figure(look), commits_table(look)]
        return [status_line(look), search_list(shelved.listed, look.name), broken, *shown]


def _picture(figure: Any) -> Any:
    graph = dcc.Graph(
        id="bisect-graph",
        figure=figure,
        config=graph_config("toImage"),
        className="pw-graph",
        style={"height": f"{HEIGHT}px"},
    )
    note = (
        "Above: every execution at its commit, oldest commit left; a bar is the median. "
        "Below: how likely each commit is to be the first bad one. Dashed: where good ends and bad begins."
    )
    region = scrolling(html.Div(graph, style={"minWidth": "340px"}), "plot of the search")
    return html.Section(
        [
            html.Div([html.H2("Executions and posterior")], className="pw-card-head"),
            html.Figure([region, html.Figcaption(note)]),
        ],
        className="pw-card",
    )


def _table(rows: Any) -> Any:
    export = dmc.Button("Download CSV", id="bisect-csv", variant="default", size="xs")
    head = html.Div([html.H2("Commits"), html.Span(className="pw-grow"), export], className="pw-card-head")
    return html.Section([head, rows], className="pw-card")
