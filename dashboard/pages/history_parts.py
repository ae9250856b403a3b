"""What the history page is made of: the picture, the changes, and one commit in full."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from dash import dcc, html

from dashboard.components.later import Later
from dashboard.components.pieces import aria, benchmark_title, commit_code, facts, panel, scrolling, table
from dashboard.data.address import View
from dashboard.data.address import link as compare_link
from dashboard.data.lines import Level, Line, by_panel
from dashboard.data.query import Query
from dashboard.data.searches import question_link
from dashboard.data.trend import Trend
from dashboard.figures.history import banded_of, height_of, history
from dashboard.figures.value_axis import is_logarithmic
from dashboard.looks.wording import change_text, provenance_text, revision_line
from dashboard.pages.details import graph_config
from dashboard.pages.frame import said_and_found
from dashboard.pages.history_table import cell_text, table_note, table_section, table_size
from pagewalk.analysis.regressions import SeriesName
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.index.states import OK
from pagewalk.model import Case
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
    picture = (
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


def opened(found: Trend, query: Query) -> Any:
    """Return the panel with the commit that is open; hidden where none is."""
    return panel("history-", *_commit(found, query))


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


def _commit(found: Trend, query: Query) -> tuple[str, list[Any]]:
    """Return title and content of the panel; nothing where no commit is open."""
    asked = query.one("commit")
    if not asked:
        return "", []
    revision = next(
        (r for line in found.lines for r in line.series.revisions if r.commit[:12] == asked), None
    )
    if revision is None:
        return printable(asked), [html.P("No series shown here knows such a commit.")]
    before = _before(found.lines, revision)
    rows = [
        ("commit", commit_code(revision.commit, revision.page)),
        ("subject line", printable(revision.title) or "not known: the repository is not at hand"),
        ("date", revision_line(revision).partition(" · ")[0]),
    ]
    return f"{printable(revision.name)}", [
        facts(rows),
        _compare(found, before, revision),
        _bisect(found, before, revision),
        _values(found.lines, before, revision),
    ]


def _before(lines: Sequence[Line], revision: IndexedRevision) -> IndexedRevision | None:
    """Return the latest commit before it that any of the lines has a value of."""
    found = [
        r
        for line in lines
        for r, state in zip(line.series.revisions, line.series.states, strict=True)
        if r.position < revision.position and state == OK
    ]
    return max(found, key=lambda r: r.position, default=None)


def _compare(found: Trend, before: IndexedRevision | None, revision: IndexedRevision) -> Any:
    if before is None:
        return html.P("It is the first commit with a value.", className="pw-quiet")
    view = View(subject=found.subject, base=before.commit, head=revision.commit)
    return html.P(
        dcc.Link(
            f"Compare with {printable(before.name)}, the commit before",
            href=compare_link(view),
            className="pw-strong",
        )
    )


def _bisect(found: Trend, before: IndexedRevision | None, revision: IndexedRevision) -> Any:
    """The way to whoever is to blame among commits that were not measured; of pagewalk's own benchmarks."""
    if before is None or not found.metric:
        return None
    key = found.lines[0].series.key
    series = SeriesName(key.machine, Case(found.workload, key.params), found.metric)
    return html.P(
        dcc.Link("Bisect it", href=question_link(found.subject, before.commit, revision.commit, series))
    )


def _values(lines: Sequence[Line], before: IndexedRevision | None, revision: IndexedRevision) -> Any:
    cells = []
    for line in lines:
        place = {r.commit: at for at, r in enumerate(line.series.revisions)}
        at = place.get(revision.commit)
        earlier = place.get(before.commit) if before else None
        cells.append(
            [
                printable(
                    " · ".join(part for part in (line.panel, line.label) if part) or line.series.key.benchmark
                ),
                cell_text(line, earlier),
                cell_text(line, at),
                provenance_text(line.series.provenance),
            ]
        )
    return table(
        ("series", "commit before", "this commit", "how it was obtained"), cells, "values at this commit"
    )
