"""A time line: page faults so far over time, with the pauses, the marks and the crash among them."""

from collections.abc import Iterator, Sequence

import plotly.graph_objects as go

from dashboard.figures.theme import GRID, INK, LAYOUT, safe
from pagewalk.analysis.timeline import Entry, Timeline, condensed
from pagewalk.events import EventKind
from pagewalk.reports.timeline import time_text, what_text, where_text

HEIGHT = 300
"""In pixels: a page keeps the room before the figure is drawn."""

_MOST_POINTS = 1500
_FAULT, _PAUSE, _CRASH = "#0072B2", "#E69F00", "#D55E00"


def timeline_figure(found: Timeline) -> go.Figure:
    """Draw it. Faults next to anything else have a marker each, all others are in the line."""
    figure = go.Figure()
    faults = [entry for entry in found.entries if entry.event.kind is EventKind.FAULT]
    top = max(1, len(faults))
    for trace in (*_faults(faults, found), *_pauses(found.entries, top), *_signals(found.entries, top)):
        figure.add_trace(trace)
    for entry in found.entries:
        if entry.event.kind in (EventKind.BEGIN, EventKind.END):
            figure.add_vline(
                x=1000 * entry.seconds,
                line={"color": INK, "width": 1, "dash": "dot"},
                annotation={"text": what_text(entry), "font": {"size": 11}},
                annotation_position="top right" if entry.event.kind is EventKind.BEGIN else "top left",
            )
    figure.update_layout(
        **LAYOUT,
        height=HEIGHT,
        margin={"l": 8, "r": 16, "t": 28, "b": 84},
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0},
    )
    since = "the region began" if found.begun else "the first event"
    figure.update_xaxes(title={"text": f"ms since {since}"}, gridcolor=GRID, zeroline=False)
    figure.update_yaxes(
        title={"text": "page faults so far"},
        gridcolor=GRID,
        zeroline=False,
        rangemode="tozero",
        automargin=True,
    )
    return figure


def _faults(faults: Sequence[Entry], found: Timeline) -> Iterator[go.Scatter]:
    if not faults:
        return
    step = -(-len(faults) // _MOST_POINTS)
    shown = sorted({*range(0, len(faults), step), len(faults) - 1})
    yield go.Scatter(
        x=[1000 * faults[at].seconds for at in shown],
        y=[at + 1 for at in shown],
        mode="lines",
        line={"color": _FAULT, "width": 1.5, "shape": "hv"},
        name="page faults",
        hoverinfo="skip",
    )
    places = {id(entry.event): at for at, entry in enumerate(faults, start=1)}
    single = [e for e in condensed(found) if e.event.kind is EventKind.FAULT and e.count == 1]
    marked = [(entry, places[id(entry.event)]) for entry in single[-_MOST_POINTS:]]
    yield go.Scatter(
        x=[1000 * entry.seconds for entry, _ in marked],
        y=[at for _, at in marked],
        mode="markers",
        marker={"color": _FAULT, "size": 6},
        name="next to something else",
        hovertext=[_told(entry) for entry, _ in marked],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _pauses(entries: Sequence[Entry], top: int) -> Iterator[go.Scatter]:
    pauses = [entry for entry in entries if entry.event.kind is EventKind.STOP]
    if not pauses:
        return
    end = entries[-1].seconds
    x: list[float | None] = []
    y: list[float | None] = []
    for entry in pauses:
        begin, last = (
            1000 * entry.seconds,
            1000 * (end if entry.lasted is None else entry.seconds + entry.lasted),
        )
        x += [begin, begin, last, last, None]
        y += [0, top, top, 0, None]
    yield go.Scatter(
        x=x,
        y=y,
        mode="lines",
        fill="toself",
        line={"color": _PAUSE, "width": 1},
        name="Go stops the world",
        hoverinfo="skip",
    )
    yield go.Scatter(
        x=[1000 * entry.seconds for entry in pauses],
        y=[top] * len(pauses),
        mode="markers",
        marker={"color": _PAUSE, "size": 8, "symbol": "triangle-down"},
        showlegend=False,
        hovertext=[_told(entry) for entry in pauses],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _signals(entries: Sequence[Entry], top: int) -> Iterator[go.Scatter]:
    signals = [entry for entry in entries if entry.event.kind is EventKind.SIGNAL]
    if signals:
        yield go.Scatter(
            x=[1000 * entry.seconds for entry in signals],
            y=[top] * len(signals),
            mode="markers",
            marker={"color": _CRASH, "size": 12, "symbol": "x"},
            name="the crash",
            hovertext=[_told(entry) for entry in signals],
            hovertemplate="%{hovertext}<extra></extra>",
        )


def _told(entry: Entry) -> str:
    parts = (f"{time_text(entry)} ms, thread {entry.event.thread}", what_text(entry), where_text(entry))
    return "<br>".join(safe(part, 80) for part in parts if part)
