"""The history page: one benchmark over commits, as the address says."""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeGuard

from dash import Dash, Input, Output, State

from dashboard.data.catalogue import Catalogue
from dashboard.data.export import history_csv
from dashboard.data.lines import params_text
from dashboard.data.query import Query
from dashboard.data.trend import FIELDS, LAYOUTS, RELATIVE, Trend, trend
from dashboard.pages import pickers
from dashboard.pages.filling import Options
from dashboard.pages.following import Filled, Page, field
from dashboard.pages.frame import frame, nothing
from dashboard.pages.history_commit import opened
from dashboard.pages.history_parts import PARTS, body, parts
from dashboard.pages.history_table import answer_table
from pagewalk.errors import PagewalkError
from pagewalk.units import title_of_metric

TITLE = "History"
PATH = "/history"
_PICKERS = ("subject", "benchmark", "metric", "machine", "params", "layout", "scale")
_FORGETS = {
    "subject": ("benchmark", "metric", "machine", "params", "from", "to", "commit"),
    "benchmark": ("metric", "params", "commit"),
}
"""What means nothing any more when something else is chosen."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The page over one catalogue."""

    catalogue: Catalogue

    @property
    def page(self) -> Page:
        gestures = (
            ("history-graph", "clickData"),
            ("history-graph", "relayoutData"),
            ("history-grid", "cellClicked"),
            ("history-close", "n_clicks"),
        )
        return Page(
            PATH,
            FIELDS,
            _PICKERS,
            gestures,
            self.fill,
            chosen,
            self.moved,
            "commit",
            parts=PARTS,
            body=body,
            keep=partial(self.catalogue.drawn, PATH),
        )

    def layout(self, search: str) -> Any:
        """Return the whole page for an address."""
        query = Query.parse(search, FIELDS)
        filled = self.fill(query)
        one = {name: filled.choices[name] for name in _PICKERS}
        what = [
            pickers.one("history-subject", "Subject", one["subject"], w=150),
            pickers.one("history-benchmark", "Benchmark", one["benchmark"]),
            pickers.one("history-metric", "Metric", one["metric"], w=170, placeholder="the only one"),
        ]
        which = [
            pickers.several("history-machine", "Machines", one["machine"]),
            pickers.several("history-params", "Parameters", one["params"]),
            pickers.one("history-layout", "Pictures", one["layout"], w=190),
            pickers.one("history-scale", "Values", one["scale"], w=210),
        ]
        return frame(self.page, TITLE, [what, which], filled, query)

    def register(self, app: Dash) -> None:
        """Connect the page."""
        self.page.register(app)
        answer_table(app, lambda wanted: trend(self.catalogue, Query.parse(wanted, FIELDS)))

        @app.callback(
            Output("history-download", "data"),
            Input("history-csv", "n_clicks"),
            State("url", "search"),
            prevent_initial_call=True,
        )
        def export(clicks: int | None, search: str | None) -> Any:
            if not clicks:
                return None
            found = trend(self.catalogue, Query.parse(search, FIELDS))
            return {
                "content": history_csv(found.lines),
                "filename": "pagewalk-history.csv",
                "type": "text/csv",
            }

    def fill(self, query: Query) -> Filled:
        """Answer an address; where it asks for what is not there, say so and what there is."""
        try:
            found = trend(self.catalogue, query)
        except PagewalkError as error:
            return nothing(self.page, self.catalogue.subjects(), query, error)
        return Filled(self._choices(found, query), lambda: parts(found, query), lambda: opened(found, query))

    def _choices(self, found: Trend, query: Query) -> dict[str, Options]:
        family = self.catalogue.series(found.subject, found.benchmark)
        metrics = {metric: title_of_metric(metric) for metric in found.workloads[found.workload] if metric}
        return {
            "subject": pickers.options(self.catalogue.subjects(), found.subject),
            "benchmark": pickers.options(list(found.workloads), found.workload),
            "metric": pickers.options(metrics, found.metric),
            "machine": pickers.options(dict.fromkeys(s.key.machine for s in family), query.many("machine")),
            "params": pickers.options(
                dict.fromkeys(params_text(s.key) for s in family), query.many("params")
            ),
            "layout": _named(LAYOUTS, query.one("layout") or "machines"),
            "scale": _named(
                {"units": "in units", RELATIVE: "relative to the first level"}, query.one("scale") or "units"
            ),
        }

    def moved(self, query: Query, identity: str, value: Any) -> Query:
        """Return the query that follows on a click, a zoom, or closing the commit."""
        if identity == "history-close":
            return query.but(commit="")
        if identity == "history-grid":
            return query.but(commit=_text(field(value, "rowId"))[:12])
        if field(value, "points") is not None:
            return query.but(commit=_text(field(value, "points", 0, "customdata"))[:12])
        return self._zoomed(query, value)

    def _zoomed(self, query: Query, value: Any) -> Query:
        keys = list(value) if isinstance(value, dict) else []
        if any(key.startswith("xaxis") and key.endswith("autorange") for key in keys):
            return query.but(**{"from": "", "to": ""})
        low, high = (
            next((value[k] for k in keys if k.startswith("xaxis") and k.endswith(end)), None)
            for end in ("range[0]", "range[1]")
        )
        if not (_is_number(low) and _is_number(high)):
            return query
        try:
            revisions = trend(self.catalogue, query).revisions
        except PagewalkError:
            return query
        inside = [r for r in revisions if math.ceil(low) <= r.position <= math.floor(high)]
        if not inside or len(inside) == len(revisions):
            return query
        return query.but(**{"from": inside[0].commit[:12], "to": inside[-1].commit[:12]})


def chosen(query: Query, name: str, values: tuple[str, ...]) -> Query:
    """Return the query that follows on a choice; what meant something only before it is forgotten."""
    forgotten: dict[str, str] = dict.fromkeys(_FORGETS.get(name, ()), "")
    return query.but(**{**forgotten, name: values})


def _named(labels: dict[str, str], value: str) -> Options:
    return pickers.options(labels, value if value in labels else next(iter(labels)))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and math.isfinite(value)
