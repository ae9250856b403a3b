"""The curve page: a metric against a parameter; where a line bends, something stopped to fit."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html

from dashboard.components.later import Later
from dashboard.components.pieces import benchmark_title, scrolling, table
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
from dashboard.pages.filling import Options
from dashboard.pages.following import Filled, Page
from dashboard.pages.frame import frame, nothing, said_and_found
from pagewalk.errors import PagewalkError
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.index.states import OK
from pagewalk.reports.wording import printable
from pagewalk.units import quantity, title_of_metric

TITLE = "Curve"
PATH = "/curve"
_PICKERS = ("subject", "benchmark", "metric", "parameter", "base", "head", "machine", "other")
_PARTS = (
    ("said", "children"),
    ("found", "hidden"),
    ("graph-frame", "style"),
    ("graph", "figure"),
    ("graph-place", "drawn"),
    ("note", "children"),
    ("table", "children"),
)
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
        keep = partial(self.catalogue.drawn, PATH)
        return Page(
            PATH, FIELDS, _PICKERS, (), self.fill, chosen, _unmoved, parts=_PARTS, body=_body, keep=keep
        )

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
        return Filled(choices, lambda: _parts(found, query))


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


def _unmoved(query: Query, _name: str, _value: Any) -> Query:
    """No gesture changes what this page is asked."""
    return query


def _parts(found: Curve, query: Query) -> list[Any]:
    size = {"minWidth": "340px", "height": f"{height_of(found)}px"}
    return [_headline(found), False, size, curve_figure(found), query.write(), _note(found), _table(found)]


def _body(*parts: Any) -> list[Any]:
    """Return what stands below the pickers, from the values of `_PARTS`."""
    said, hidden, size, figure, drawn, note, rows = parts
    return said_and_found("curve", said, hidden, [_picture(size, figure, drawn, note), _table_section(rows)])


def _headline(found: Curve) -> list[Any]:
    sides = [r for r in (found.base, found.head) if r is not None]
    names = " → ".join(printable(r.name) for r in sides)
    link = None
    if found.base is not None:
        view = View(subject=found.subject, base=found.base.commit, head=found.head.commit)
        link = dcc.Link("Compare them", href=compare_link(view))
    metric, against = title_of_metric(found.metric), f" against {found.parameter}"
    title = benchmark_title(found.workload, metric, found.benchmark, against)
    sides_line = html.P([f"{names} ", link], className="pw-quiet")
    return [title, sides_line, html.P(printable(found.silent), className="pw-quiet")]


def _picture(size: dict[str, str], figure: Any, drawn: str | None, note: Any) -> Any:
    graph = dcc.Graph(id="curve-graph", figure=figure, config=graph_config("toImage"), className="pw-graph")
    place = Later(graph, {"height": "100%"}, id="curve-graph-place", drawn=drawn or "")
    region = scrolling(html.Div(place, id="curve-graph-frame", style=size), "plot of the curves")
    caption = html.Figcaption(note, id="curve-note", className="pw-quiet")
    head = html.Div([html.H2("Curve")], className="pw-card-head")
    return html.Section([head, html.Figure([region, caption])], className="pw-card")


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


def _table_section(rows: Any) -> Any:
    export = dmc.Button("Download CSV", id="curve-csv", variant="default", size="xs")
    head = html.Div([html.H2("Table"), html.Span(className="pw-grow"), export], className="pw-card-head")
    return html.Section([head, html.Div(rows, id="curve-table")], className="pw-card")


def _table(found: Curve) -> Any:
    rows = [
        [parameter_text(x), printable(arc.machine), arc.label or "–", *_cells(found, arc.sides, x)]
        for arc in found.arcs
        for x in sorted({point.x for side in arc.sides for point in side.points})
    ]
    heads = (printable(found.parameter), "machine", "other parameters", "base", "head")
    return table(heads, rows, "values of the curves")


def _cells(found: Curve, sides: Any, x: float) -> list[str]:
    by_side = {side.side: {point.x: point for point in side.points} for side in sides}
    return [_text(by_side.get(side, {}).get(x), found.unit) for side in ("base", "head")]


def _text(point: Point | None, unit: str) -> str:
    if point is not None and point.state == OK:
        return quantity(point.value, unit)
    look = look_of(point.state if point else "absent")
    return f"{look.mark} {look.word}"
