"""The curve page: a metric against a parameter; where a line bends, something stopped to fit."""

from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html

from dashboard.components.pieces import aria, benchmark_title, scrolling, table
from dashboard.data.address import View
from dashboard.data.address import link as compare_link
from dashboard.data.catalogue import Catalogue
from dashboard.data.curve import FIELDS, Curve, Point, curve
from dashboard.data.export import curve_csv
from dashboard.data.query import Query
from dashboard.figures.curve import curve_figure, height_of, parameter_text
from dashboard.looks.states import look_of
from dashboard.looks.wording import revision_line
from dashboard.pages import pickers
from dashboard.pages.details import graph_config
from dashboard.pages.following import Filled, Options, Page
from dashboard.pages.frame import frame, nothing
from pagewalk.errors import PagewalkError
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.index.states import OK
from pagewalk.reports.wording import printable
from pagewalk.units import quantity, title_of_metric

TITLE = "Curve"
PATH = "/curve"
_PICKERS = ("subject", "benchmark", "metric", "parameter", "base", "head", "machine", "other")
_FORGETS = {
    "subject": ("benchmark", "metric", "parameter", "base", "head", "machine", "other"),
    "benchmark": ("metric", "parameter", "other"),
    "parameter": ("other",),
}


@dataclass(frozen=True, slots=True)
class CurvePage:
    """The page over one catalogue."""

    catalogue: Catalogue

    @property
    def page(self) -> Page:
        return Page(PATH, FIELDS, _PICKERS, (), self.fill, chosen, lambda query, _name, _value: query)

    def layout(self, search: str) -> Any:
        """Return the whole page for an address."""
        query = Query.parse(search, FIELDS)
        filled = self.fill(query)
        one = filled.choices
        what = [
            pickers.one("curve-subject", "Subject", one["subject"], w=150),
            pickers.one("curve-benchmark", "Benchmark", one["benchmark"]),
            pickers.one("curve-metric", "Metric", one["metric"], w=170, placeholder="the only one"),
            pickers.one("curve-parameter", "Against", one["parameter"], w=150),
        ]
        which = [
            pickers.one("curve-base", "Base", one["base"]),
            pickers.one("curve-head", "Head", one["head"]),
            pickers.several("curve-machine", "Machines", one["machine"]),
            pickers.several("curve-other", "Other parameters", one["other"]),
        ]
        return frame(self.page, TITLE, [what, which], filled, query)

    def register(self, app: Dash) -> None:
        """Connect the page."""
        self.page.register(app)
        for side in ("base", "head"):
            pickers.offer_on_typing(app, f"curve-{side}", self._commits)

        @app.callback(
            Output("curve-download", "data"),
            Input("curve-csv", "n_clicks"),
            State("url", "search"),
            prevent_initial_call=True,
        )
        def export(clicks: int | None, search: str | None) -> Any:
            if not clicks:
                return None
            text = curve_csv(curve(self.catalogue, Query.parse(search, FIELDS)))
            return {"content": text, "filename": "pagewalk-curve.csv", "type": "text/csv"}

    def _commits(self, search: str) -> list[dict[str, str]]:
        try:
            return _commits(curve(self.catalogue, Query.parse(search, FIELDS)))
        except PagewalkError:
            return []

    def foresee(self, search: str) -> None:
        """Work out what the page at an address takes long for; see `fill`."""
        curve(self.catalogue, Query.parse(search, FIELDS))

    def fill(self, query: Query) -> Filled:
        """Answer an address; where it asks for what is not there, say so and what there is."""
        try:
            found = curve(self.catalogue, query)
        except PagewalkError as error:
            return nothing(self.page, self.catalogue.subjects(), query, error)
        revisions = _commits(found)
        metrics = {metric: title_of_metric(metric) for metric in found.workloads[found.workload] if metric}
        choices = {
            "subject": pickers.options(self.catalogue.subjects(), found.subject),
            "benchmark": pickers.options(list(found.workloads), found.workload),
            "metric": pickers.options(metrics, found.metric),
            "parameter": pickers.options(found.parameters, found.parameter),
            "base": _side(revisions, found.base),
            "head": _side(revisions, found.head),
            "machine": pickers.options(found.machines, query.many("machine")),
            "other": pickers.options(found.others, query.many("other")),
        }
        return Filled(choices, lambda: _body(found))


def _commits(found: Curve) -> list[dict[str, str]]:
    """The newest first: that is what somebody looks for."""
    return [pickers.option(r.commit, revision_line(r)) for r in reversed(found.revisions)]


def _side(revisions: list[dict[str, str]], revision: IndexedRevision | None) -> Options:
    commit = revision.commit if revision else None
    return pickers.offered(revisions, commit), commit


def chosen(query: Query, name: str, values: tuple[str, ...]) -> Query:
    """Return the query that follows on a choice; what meant something only before it is forgotten."""
    forgotten: dict[str, str] = dict.fromkeys(_FORGETS.get(name, ()), "")
    return query.but(**{**forgotten, name: values})


def _body(found: Curve) -> list[Any]:
    return [_headline(found), _picture(found), _table(found)]


def _headline(found: Curve) -> Any:
    sides = [r for r in (found.base, found.head) if r is not None]
    names = " → ".join(printable(r.name) for r in sides)
    link = None
    if found.base is not None:
        view = View(subject=found.subject, base=found.base.commit, head=found.head.commit)
        link = dcc.Link("Compare them", href=compare_link(view))
    metric, against = title_of_metric(found.metric), f" against {found.parameter}"
    title = benchmark_title(found.workload, metric, found.benchmark, against)
    sides_line = html.P([f"{names} ", link], className="pw-quiet")
    return html.Div(
        [title, sides_line, html.P(printable(found.silent), className="pw-quiet")], **aria(live="polite")
    )


def _picture(found: Curve) -> Any:
    graph = dcc.Graph(
        id="curve-graph",
        figure=curve_figure(found),
        config=graph_config("toImage"),
        className="pw-graph",
        style={"height": f"{height_of(found)}px"},
    )
    region = scrolling(html.Div(graph, style={"minWidth": "340px"}), "plot of the curves")
    return html.Section(
        [
            html.Div([html.H2("Curve")], className="pw-card-head"),
            html.Figure([region, html.Figcaption(_note(found), className="pw-quiet")]),
        ],
        className="pw-card",
    )


def _note(found: Curve) -> str:
    told = {c.name for marks in found.marks.values() for _, c in marks}
    bare = [name for name, marks in found.marks.items() if not marks]
    text = f"Solid and filled: head, {printable(found.head.name)}."
    if found.base is not None:
        text += f" Dotted and open: base, {printable(found.base.name)}."
    if told:
        text += " Dashed lines: what a TLB or cache of that machine holds; a knee belongs there."
    if bare:
        text += f" Nobody recorded the capacities behind this metric for {', '.join(map(printable, bare))}."
    return text


def _table(found: Curve) -> Any:
    rows = [
        [parameter_text(x), printable(arc.machine), arc.label or "–", *_cells(found, arc.sides, x)]
        for arc in found.arcs
        for x in sorted({point.x for side in arc.sides for point in side.points})
    ]
    export = dmc.Button("Download CSV", id="curve-csv", variant="default", size="xs")
    head = html.Div([html.H2("Table"), html.Span(className="pw-grow"), export], className="pw-card-head")
    heads = (printable(found.parameter), "machine", "other parameters", "base", "head")
    return html.Section([head, table(heads, rows, "values of the curves")], className="pw-card")


def _cells(found: Curve, sides: Any, x: float) -> list[str]:
    by_side = {side.side: {point.x: point for point in side.points} for side in sides}
    return [_text(by_side.get(side, {}).get(x), found.unit) for side in ("base", "head")]


def _text(point: Point | None, unit: str) -> str:
    if point is not None and point.state == OK:
        return quantity(point.value, unit)
    look = look_of(point.state if point else "absent")
    return f"{look.mark} {look.word}"
