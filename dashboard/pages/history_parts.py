"""What the history page is made of: the picture, the changes, and the table."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from dash import dcc, html

from dashboard.components.later import Later
from dashboard.components.pieces import aria, benchmark_title, scrolling, table
from dashboard.data.lines import Level, Line, by_panel
from dashboard.data.query import Query
from dashboard.data.trend import Trend
from dashboard.figures.history import banded_of, height_of, history
from dashboard.figures.value_axis import is_logarithmic
from dashboard.looks.wording import change_text, revision_line
from dashboard.pages.details import graph_config
from dashboard.pages.frame import said_and_found
from dashboard.pages.history_table import table_note, table_section, table_size
from pagewalk.reports.wording import count_of, printable
from pagewalk.units import quantity, title_of_metric

_MOST_CHANGES = 12
_SPANS = (50, 200, 1000)


PARTS = (
    ("said", "children"),
    ("found", "hidden"),
    ("spans", "children"),
    ("graph-frame", "style"),
    ("graph", "figure"),
    ("graph-place", "drawn"),
    ("note", "children"),
    ("changes", "children"),
    ("table-note", "children"),
    ("table-frame", "style"),
    ("table", "wanted"),
)
"""Control and property of all that stands below the pickers and changes with the address."""


def parts(found: Trend, query: Query) -> list[Any]:
    """Return a value for each of `PARTS`."""
    asked = query.but(commit="").write()
    picture: tuple[Any, ...] = (
        _size(found),
        history(found.lines, found.revisions) if found.lines else {},
        asked,
        _note(found),
    )
    rows = (table_note(found), table_size(found), asked)
    return [_headline(found), False, list(_spans(found, query)), *picture, _changes(found, query), *rows]


def body(*values: Any) -> list[Any]:
    """Return what stands below the pickers, from the values of `PARTS`."""
    said, hidden, spans, size, figure, drawn, note, changes, *rows = values
    picture = _picture(spans, size, figure, drawn, note)
    sections = [picture, _changes_section(changes), table_section(*rows)]
    return said_and_found("history", said, hidden, sections)


def _headline(found: Trend) -> list[Any]:
    window = found.revisions
    span = f"{window[0].name} … {window[-1].name}" if window else "no commits"
    counted = f"{len(window)} of {count_of(found.total, 'commit')}" if len(window) != found.total else ""
    parts = [counted or count_of(found.total, "commit"), span, count_of(len(found.lines), "line")]
    text = " · ".join(printable(part) for part in parts)
    left = f" {found.left_out} more pass the filters; pick parameters or machines to see them."
    return [
        benchmark_title(found.workload, title_of_metric(found.metric), found.benchmark),
        html.P(text + ("." + left if found.left_out else ""), className="pw-quiet"),
        html.P(printable(found.silent), className="pw-quiet"),
    ]


def _picture(spans: Any, size: dict[str, str], figure: Any, drawn: str | None, note: Any) -> Any:
    ways = html.Nav(spans, id="history-spans", **aria(label="span"))
    head = html.Div([html.H2("Over commits", id="history-plot-heading"), ways], className="pw-card-head")
    config = graph_config("zoom2d", "pan2d", "resetScale2d", "toImage")
    graph = dcc.Graph(id="history-graph", figure=figure, config=config, className="pw-graph")
    place = Later(graph, {"height": "100%"}, id="history-graph-place", drawn=drawn or "")
    region = scrolling(html.Div(place, id="history-graph-frame", style=size), "plot over commits")
    caption = html.Figcaption(note, id="history-note", className="pw-quiet")
    return html.Section([head, html.Figure([region, caption])], className="pw-card")


def _size(found: Trend) -> dict[str, str]:
    """Return the width below which the plot scrolls, and its height; where nothing is drawn it has none."""
    height = height_of(found.lines) if found.lines else 0
    return {"minWidth": "340px", "height": f"{height}px", "overflow": "hidden"}


def _note(found: Trend) -> str:
    if not found.lines:
        return "No series passes the filters. Take one of them away."
    bands = {"ci99": "99 % intervals", "quartiles": "quartiles", "samples": "least and greatest sample"}
    kinds = {line.series.interval for line in banded_of(found.lines)}
    band = f" Bands: {', '.join(bands.get(kind, kind) for kind in sorted(kinds))}." if kinds else ""
    axis = (
        " Logarithmic, for the lines lie far apart."
        if any(map(is_logarithmic, by_panel(found.lines).values()))
        else ""
    )
    return (
        "Thick bars are levels; ▲ and ▼ where a new one begins for good. What ended without a value stands "
        f"in the lane below.{band}{axis} Drag to zoom, double-click to go back; a point opens its commit."
    )


def _spans(found: Trend, query: Query) -> Iterator[Any]:
    """Ways to zoom without a mouse; an open commit is closed, for it may not be among those."""
    whole = query.but(**{"from": "", "to": "", "commit": ""})
    if len(found.revisions) != found.total:
        yield dcc.Link("all commits", href=f"/history{whole.write()}", className="pw-chip")
        return
    for span in _SPANS:
        if span < found.total:
            first = found.revisions[-span].commit[:12]
            href = f"/history{whole.but(**{'from': first}).write()}"
            yield dcc.Link(f"last {span}", href=href, className="pw-chip")


def _changes_section(changes: Any) -> Any:
    head = html.Div([html.H2("Changes for good")], className="pw-card-head")
    return html.Section([head, html.Div(changes, id="history-changes")], className="pw-card")


def _changes(found: Trend, query: Query) -> list[Any]:
    rows = sorted(_changes_of(found), key=lambda entry: -entry[0])
    if not rows:
        text = "None: every series shown keeps its level over these commits."
        return [html.P(text, className="pw-quiet")]
    cells = [_change_row(line, before, after, query) for _, line, before, after in rows[:_MOST_CHANGES]]
    more = len(rows) - len(cells)
    note = html.P(f"{more} smaller ones are in the picture.", className="pw-quiet") if more else None
    heads = ("first commit of the new level", "machine and case", "before → after", "change")
    return [table(heads, cells, "changes for good"), note]


def _changes_of(found: Trend) -> Iterator[tuple[float, Line, Level, Level]]:
    for line in found.lines:
        low, high = line.window
        for before, after in pairwise(line.levels):
            if low <= line.series.revisions[after.start].position < high:
                yield _ratio(before.value, after.value), line, before, after


def _ratio(before: float, after: float) -> float:
    return abs(float(np.log(after / before))) if before > 0 and after > 0 else float("inf")


def _change_row(line: Line, before: Level, after: Level, query: Query) -> list[Any]:
    revision, unit = line.series.revisions[after.start], line.series.unit
    href = f"/history{query.but(commit=revision.commit[:12]).write()}"
    direction = "▲" if after.value > before.value else "▼"
    where = " · ".join(part for part in (line.panel, line.label) if part)
    return [
        dcc.Link(revision_line(revision), href=href),
        printable(where),
        f"{quantity(before.value, unit)} → {quantity(after.value, unit)}",
        f"{direction} {change_text(before.value, after.value)}",
    ]
