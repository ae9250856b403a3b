"""A metric against a parameter: where a line bends, something has stopped to fit."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.data.curve import Arc, Curve, Side
from dashboard.figures.room import apart, legend_below, legend_height, widest
from dashboard.figures.theme import GRID, INK, LAYOUT, safe
from dashboard.figures.ticks import round_ticks, tick_texts
from dashboard.looks.states import look_of
from dashboard.looks.strokes import Stroke, stroke
from dashboard.looks.wording import per_operation, revision_line
from pagewalk.index.states import ABSENT, OK
from pagewalk.reports.wording import printable
from pagewalk.units import quantity, title_of_metric

_PANEL = 290
_TOP = 40
_TITLE = 24
"""Pixels of the name of an axis."""
_TICKS_HEIGHT = 52
_LONGEST = 60
_WIDE = 12.0
"""An axis whose ends are this far apart is logarithmic."""
_BINARY = ((1 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki"))
_INEXACT = 2.0**53
"""From here on a float is not every whole number."""


def height_of(found: Curve) -> int:
    """Return the height of the picture in pixels: a page keeps the room before it is drawn."""
    return _TOP + _PANEL * max(1, len(_machines(found))) + _bottom(found)


def _bottom(found: Curve) -> int:
    names = {_name(arc, side)[:_LONGEST] for arc in found.arcs for side in arc.sides}
    return _TICKS_HEIGHT + legend_height(sorted(names))


def _name(arc: Arc, side: Side) -> str:
    """What a legend tells apart: the other parameters; without any, the two sides."""
    return arc.label or f"{side.side} {printable(side.revision.name)}"


def curve_figure(found: Curve) -> go.Figure:
    """Draw every machine below the other: base dashed and open, head solid and filled."""
    machines = _machines(found)
    figure = make_subplots(
        rows=max(1, len(machines)),
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.16 / max(1, len(machines)),
        subplot_titles=[safe(printable(name), 60) for name in machines] or None,
    )
    labels = list(dict.fromkeys(arc.label for arc in found.arcs))
    told: set[str] = set()
    # The head first: its solid line is the one a legend shows
    for arc in found.arcs:
        row = machines.index(arc.machine) + 1
        for trace in _traces(arc, stroke(labels.index(arc.label)), found, told):
            figure.add_trace(trace, row=row, col=1)
    ticks = sorted({point.x for arc in found.arcs for side in arc.sides for point in side.points})
    left = 0
    for row, machine in enumerate(machines, start=1):
        _mark(figure, found, machine, row, ticks)
        axis = _value_axis(found, machine)
        left = max(left, 12 + _TITLE + widest(axis["ticktext"]))
        figure.update_yaxes(**axis, row=row, col=1)
    bottom = _bottom(found)
    figure.update_layout(
        **LAYOUT,
        height=height_of(found),
        margin={"l": left, "r": 16, "t": _TOP, "b": bottom, "autoexpand": False},
        hovermode="closest",
        legend=legend_below(bottom - _TICKS_HEIGHT),
        showlegend=True,
    )
    figure.update_xaxes(**_parameter_axis(ticks), gridcolor=GRID, zeroline=False)
    figure.update_xaxes(title={"text": safe(printable(found.parameter))}, row=max(1, len(machines)), col=1)
    return figure


def _machines(found: Curve) -> list[str]:
    return list(dict.fromkeys(arc.machine for arc in found.arcs if arc.sides))


def _traces(arc: Arc, look: Stroke, found: Curve, told: set[str]) -> Iterator[go.Scatter]:
    for side in reversed(arc.sides):
        name = _name(arc, side)
        yield _line(arc, side, look, found, first=name not in told)
        told.add(name)
        endings = [point for point in side.points if point.state not in (OK, ABSENT)]
        if endings:
            yield _endings(side, [(p.x, p.state) for p in endings], _lowest(found, arc.machine))


def _line(arc: Arc, side: Side, look: Stroke, found: Curve, *, first: bool) -> go.Scatter:
    head = side.side == "head"
    points = [point for point in side.points if np.isfinite(point.value)]
    named = f"{side.side} {printable(side.revision.name)}"
    head_lines = f"{safe(named, 60)}<br>{safe(arc.label, 60)}<br>{safe(printable(found.parameter))}"
    text = [f"{head_lines} {parameter_text(p.x)}: {quantity(p.value, found.unit)}" for p in points]
    known = any(np.isfinite(p.low) and np.isfinite(p.high) for p in points)
    return go.Scatter(
        x=[p.x for p in points],
        y=[p.value for p in points],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, p.high - p.value) for p in points],
            "arrayminus": [max(0.0, p.value - p.low) for p in points],
            "thickness": 1,
            "width": 3,
        }
        if known
        else None,
        mode="lines+markers",
        line={"color": look.colour, "width": 2 if head else 1.5, "dash": "solid" if head else "dot"},
        marker={"symbol": look.symbol if head else f"{look.symbol}-open", "size": 8, "color": look.colour},
        name=safe(_name(arc, side), _LONGEST),
        legendgroup=safe(_name(arc, side)),
        showlegend=first,
        hovertext=text,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _endings(side: Side, places: Sequence[tuple[float, str]], lane: float) -> go.Scatter:
    looks = [look_of(state) for _, state in places]
    return go.Scatter(
        x=[x for x, _ in places],
        y=[lane] * len(places),
        mode="markers+text",
        marker={
            "symbol": [look.symbol for look in looks],
            "size": 10,
            "color": [look.colour for look in looks],
        },
        text=[f"{look.mark} {look.word}" for look in looks],
        textposition="top center",
        hovertext=[f"{safe(revision_line(side.revision), 80)}<br>{look.word}" for look in looks],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )


def _mark(figure: go.Figure, found: Curve, machine: str, row: int, ticks: Sequence[float]) -> None:
    """What the machine's TLBs and caches hold: a knee is expected there."""
    for x, capacity in found.marks.get(machine, ()):
        if not ticks or not ticks[0] / 2 <= x <= ticks[-1] * 2:
            continue
        figure.add_vline(x=x, line={"color": INK, "width": 1, "dash": "dash"}, row=row, col=1)
        figure.add_annotation(
            # On a logarithmic axis annotations take logarithms, shapes do not (plotly reference)
            x=np.log10(x) if _logarithmic(ticks) else x,
            y=1,
            yref="y domain" if row == 1 else f"y{row} domain",
            xref="x" if row == 1 else f"x{row}",
            text=f"{capacity.name} {capacity.words}",
            showarrow=False,
            xanchor="left",
            yanchor="top",
            textangle=90,
            font={"size": 11, "color": INK},
        )


def _logarithmic(ticks: Sequence[float]) -> bool:
    return bool(ticks) and ticks[0] > 0 and ticks[-1] / ticks[0] >= _WIDE


def parameter_text(value: float) -> str:
    """Return a value of a parameter as people write it; whole binary multiples from 16 Ki on are short."""
    if not value.is_integer() or abs(value) >= _INEXACT:
        return f"{value:g}"
    for size, prefix in _BINARY:
        if abs(value) >= 16 * 1024 and value % size == 0:
            return f"{value / size:.0f} {prefix}"
    return f"{value:.0f}"


def _parameter_axis(ticks: Sequence[float]) -> dict[str, Any]:
    """Every value has a line of the grid, and a name where a telephone has room for one."""
    logarithmic = _logarithmic(ticks)
    return {
        "type": "log" if logarithmic else "linear",
        "tickvals": list(ticks),
        "ticktext": apart(list(map(parameter_text, ticks)), np.log(ticks) if logarithmic else ticks),
    }


def _values(found: Curve, machine: str) -> list[float]:
    sides = [side for arc in found.arcs if arc.machine == machine for side in arc.sides]
    return [p.value for side in sides for p in side.points if np.isfinite(p.value)]


def _lowest(found: Curve, machine: str) -> float:
    return min([0.0, *_values(found, machine)])


def _value_axis(found: Curve, machine: str) -> dict[str, Any]:
    """From 0: how high a knee is, is half of what it says."""
    values = _values(found, machine)
    low, high = min([0.0, *values]), max([0.0, *values]) or 1.0
    ticks = round_ticks(low, high, found.unit)
    return {
        "title": {"text": safe(f"{title_of_metric(found.metric)}{per_operation(found.unit)}")}
        if found.metric
        else None,
        "range": [low - 0.06 * (high - low), high + 0.1 * (high - low)],
        "tickvals": ticks,
        "ticktext": tick_texts(ticks, found.unit),
        "gridcolor": GRID,
        "zeroline": False,
    }
