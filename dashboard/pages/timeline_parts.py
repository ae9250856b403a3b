"""A time line on a page: the picture, the table, and the way to all of its numbers."""

from typing import Any

from dash import dcc, html

from dashboard.components.pieces import problem, scrolling, table
from dashboard.data.library import Library
from dashboard.data.timelines import Place, kept_at
from dashboard.figures.timeline import HEIGHT, timeline_figure
from dashboard.pages.details import graph_config
from pagewalk.analysis.timeline import Timeline, condensed, timeline
from pagewalk.errors import PagewalkError
from pagewalk.history.timelines import KeptTimeline
from pagewalk.reports.timeline import HEADS, about, time_text, what_text, where_text
from pagewalk.reports.wording import count_of

_MOST_ROWS = 400
"""Of the table; the CSV has all."""


def timeline_section(library: Library, place: Place) -> Any:
    """Return the time line that is kept of a case; None where none is."""
    try:
        kept = kept_at(library, place)
    except PagewalkError as error:
        return problem(error)
    return None if kept is None else _section(kept, timeline(kept.events), place)


def _section(kept: KeptTimeline, line: Timeline, place: Place) -> Any:
    csv = html.A("every event", href=place.csv, download="pagewalk-timeline.csv")
    head = [
        html.H2("What happened when"),
        html.Span(className="pw-grow"),
        html.Span(["Save ", csv], className="pw-quiet"),
    ]
    graph = dcc.Graph(
        figure=timeline_figure(line),
        config=graph_config("toImage"),
        className="pw-graph",
        style={"height": f"{HEIGHT}px"},
    )
    said = about(kept.outcome.value, len(kept.events), kept.seen, begun=line.begun)
    caption = " ".join((*said, "Page faults far from anything else are told together."))
    picture = scrolling(html.Div(graph, style={"minWidth": "340px"}), "plot of the time line")
    figure = html.Figure([picture, html.Figcaption(caption, className="pw-quiet")])
    return html.Section(
        [html.Div(head, className="pw-card-head"), figure, *_table(line)], className="pw-card"
    )


def _table(line: Timeline) -> list[Any]:
    entries = condensed(line)
    rows = [
        [time_text(entry), str(entry.event.thread), what_text(entry), html.Code(where_text(entry))]
        for entry in entries[-_MOST_ROWS:]
    ]
    left = len(entries) - len(rows)
    note = (
        [html.P(f"{count_of(left, 'row')} before these are in the CSV.", className="pw-quiet")]
        if left
        else []
    )
    return [*note, table(HEADS, rows, "events of the time line")]
