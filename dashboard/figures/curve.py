"""A metric against a parameter: where a line bends, something has stopped to fit."""

from collections.abc import Iterator, Sequence

import numpy as np

from dashboard.data.curve import Arc, Curve, Point, Side
from dashboard.figures.panels import axes_of, panels_below, titled
from dashboard.figures.picture import Picture, Trace
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
_GAPS = 0.16
"""Share of the picture's height that lies between panels, nearly."""
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


def curve_figure(found: Curve) -> Picture:
    """Draw every machine below the other: base dashed and open, head solid and filled."""
    machines = _machines(found)
    ticks = sorted({point.x for arc in found.arcs for side in arc.sides for point in side.points})
    upwards = [_value_axis(found, machine) for machine in machines]
    left = max((12 + _TITLE + widest(axis["ticktext"]) for axis in upwards), default=0)
    bottom = _bottom(found)
    panels = panels_below(
        [safe(printable(name), 60) for name in machines],
        _parameter_axis(ticks),
        upwards or [{}],
        _GAPS / max(1, len(machines)),
        safe(printable(found.parameter)),
    )
    marks = [mark for row, machine in enumerate(machines) for mark in _marks(found, machine, row, ticks)]
    layout = {
        **LAYOUT,
        **panels,
        "shapes": [shape for shape, _ in marks],
        "annotations": [*panels["annotations"], *(name for _, name in marks)],
        "height": height_of(found),
        "margin": {"l": left, "r": 16, "t": _TOP, "b": bottom, "autoexpand": False},
        "hovermode": "closest",
        "legend": legend_below(bottom - _TICKS_HEIGHT),
        "showlegend": True,
    }
    return Picture(list(_placed(found, machines)), layout)


def _placed(found: Curve, machines: Sequence[str]) -> Iterator[Trace]:
    """Yield all traces with the axes of their panel."""
    labels = list(dict.fromkeys(arc.label for arc in found.arcs))
    told: set[str] = set()
    for arc in found.arcs:
        for trace in _traces(arc, stroke(labels.index(arc.label)), found, told):
            yield {"type": "scatter", **trace, **axes_of(machines.index(arc.machine))}


def _machines(found: Curve) -> list[str]:
    return list(dict.fromkeys(arc.machine for arc in found.arcs if arc.sides))


def _traces(arc: Arc, look: Stroke, found: Curve, told: set[str]) -> Iterator[Trace]:
    """The head first: its solid line is the one a legend shows."""
    for side in reversed(arc.sides):
        name = _name(arc, side)
        yield _line(arc, side, look, found, first=name not in told)
        told.add(name)
        endings = [point for point in side.points if point.state not in (OK, ABSENT)]
        if endings:
            yield _endings(side, [(p.x, p.state) for p in endings], _lowest(found, arc.machine))


def _line(arc: Arc, side: Side, look: Stroke, found: Curve, *, first: bool) -> Trace:
    head = side.side == "head"
    points = [point for point in side.points if np.isfinite(point.value)]
    named = f"{side.side} {printable(side.revision.name)}"
    head_lines = f"{safe(named, 60)}<br>{safe(arc.label, 60)}<br>{safe(printable(found.parameter))}"
    return {
        "x": np.array([p.x for p in points]),
        "y": np.array([p.value for p in points]),
        **_intervals(points),
        "mode": "lines+markers",
        "line": {"color": look.colour, "width": 2 if head else 1.5, "dash": "solid" if head else "dot"},
        "marker": {"symbol": look.symbol if head else f"{look.symbol}-open", "size": 8, "color": look.colour},
        "name": safe(_name(arc, side), _LONGEST),
        "legendgroup": safe(_name(arc, side)),
        "showlegend": first,
        "hovertext": [f"{parameter_text(p.x)}: {quantity(p.value, found.unit)}" for p in points],
        # What all points of a line say alike is sent once
        "meta": head_lines,
        "hovertemplate": "%{meta} %{hovertext}<extra></extra>",
    }


def _intervals(points: Sequence[Point]) -> Trace:
    if not any(np.isfinite(p.low) and np.isfinite(p.high) for p in points):
        return {}
    error = {
        "type": "data",
        "symmetric": False,
        "array": [max(0.0, p.high - p.value) for p in points],
        "arrayminus": [max(0.0, p.value - p.low) for p in points],
        "thickness": 1,
        "width": 3,
    }
    return {"error_y": error}


def _endings(side: Side, places: Sequence[tuple[float, str]], lane: float) -> Trace:
    looks = [look_of(state) for _, state in places]
    return {
        "x": np.array([x for x, _ in places]),
        "y": np.full(len(places), lane),
        "mode": "markers+text",
        "marker": {
            "symbol": [look.symbol for look in looks],
            "size": 10,
            "color": [look.colour for look in looks],
        },
        "text": [f"{look.mark} {look.word}" for look in looks],
        "textposition": "top center",
        "hovertext": [f"{safe(revision_line(side.revision), 80)}<br>{look.word}" for look in looks],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _marks(found: Curve, machine: str, row: int, ticks: Sequence[float]) -> Iterator[tuple[Trace, Trace]]:
    """Yield what the machine's TLBs and caches hold, as a line and its name: a knee is expected there."""
    axes = axes_of(row)
    across, upright = axes["xaxis"], f"{axes['yaxis']} domain"
    for x, capacity in found.marks.get(machine, ()):
        if not ticks or not ticks[0] / 2 <= x <= ticks[-1] * 2:
            continue
        line = {"color": INK, "width": 1, "dash": "dash"}
        ends = {"x0": x, "x1": x, "xref": across, "y0": 0, "y1": 1, "yref": upright}
        name = {
            # On a logarithmic axis annotations take logarithms, shapes do not (plotly reference)
            "x": float(np.log10(x)) if _logarithmic(ticks) else x,
            "y": 1,
            "yref": upright,
            "xref": across,
            "text": f"{capacity.name} {capacity.words}",
            "showarrow": False,
            "xanchor": "left",
            "yanchor": "top",
            "textangle": 90,
            "font": {"size": 11, "color": INK},
        }
        yield {"type": "line", **ends, "line": line}, name


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


def _parameter_axis(ticks: Sequence[float]) -> Trace:
    """Every value has a line of the grid, and a name where a telephone has room for one."""
    logarithmic = _logarithmic(ticks)
    return {
        "type": "log" if logarithmic else "linear",
        "tickvals": list(ticks),
        "ticktext": apart(list(map(parameter_text, ticks)), np.log(ticks) if logarithmic else ticks),
        "gridcolor": GRID,
        "zeroline": False,
    }


def _values(found: Curve, machine: str) -> list[float]:
    sides = [side for arc in found.arcs if arc.machine == machine for side in arc.sides]
    return [p.value for side in sides for p in side.points if np.isfinite(p.value)]


def _lowest(found: Curve, machine: str) -> float:
    return min([0.0, *_values(found, machine)])


def _value_axis(found: Curve, machine: str) -> Trace:
    """From 0: how high a knee is, is half of what it says."""
    values = _values(found, machine)
    low, high = min([0.0, *values]), max([0.0, *values]) or 1.0
    ticks = round_ticks(low, high, found.unit)
    title = f"{title_of_metric(found.metric)}{per_operation(found.unit)}" if found.metric else ""
    return {
        **titled(safe(title)),
        "range": [low - 0.06 * (high - low), high + 0.1 * (high - low)],
        "tickvals": ticks,
        "ticktext": tick_texts(ticks, found.unit),
        "gridcolor": GRID,
        "zeroline": False,
    }
