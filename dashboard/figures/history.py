"""Series over commits: a line each with its interval, levels and changes, and what ended without a value."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from dashboard.data.lines import RELATIVE, Line
from dashboard.figures.decimation import Indices, extremes, thinned
from dashboard.figures.room import legend_below, legend_height, widest
from dashboard.figures.theme import GRID, INK, LAYOUT, safe
from dashboard.looks.states import look_of
from dashboard.looks.strokes import Stroke, stroke
from dashboard.looks.wording import revision_line
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.reports.wording import printable
from pagewalk.units import percent, quantity, times

MOST_POINTS = 2400
"""Of one picture. More would only be drawn over one another, and cost time on every click and zoom."""

_PANEL = 200
_TOP = 34
_TICKS_HEIGHT = 34
_MARKERS_UNTIL = 300
_MOST_ENDINGS = 250
_MOST_TICKS = 7
_LONGEST = 60

Trace = dict[str, Any]
"""What `plotly.graph_objects.Scatter` takes."""


def height_of(lines: Sequence[Line]) -> int:
    """Return the height of the picture in pixels: a page keeps the room before it is drawn."""
    return _TOP + _PANEL * max(1, len(_panels(lines))) + _bottom(lines)


def _bottom(lines: Sequence[Line]) -> int:
    states = {line.series.states[at] for line in lines for at in line.endings}
    told = [*(f"{look.mark} {look.word}" for look in map(look_of, states))]
    return _TICKS_HEIGHT + legend_height([*dict.fromkeys(line.label[:_LONGEST] for line in lines), *told])


def history(lines: Sequence[Line], revisions: Sequence[IndexedRevision]) -> go.Figure:
    """Draw lines over commits, a panel a small multiple, all with the same commits below one another.

    Args:
        revisions: those of the window, oldest first.
    """
    panels = _panels(lines)
    figure = make_subplots(
        rows=max(1, len(panels)),
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.09 / max(1, len(panels) - 1) if len(panels) > 1 else 0,
        subplot_titles=[safe(printable(panel), 60) for panel in panels] if any(panels) else None,
    )
    # All at once: added one by one, each is checked and copied twice
    figure.add_traces(list(_placed(lines, panels)))
    left = 0
    for row, panel in enumerate(panels, start=1):
        axis = _value_axis([line for line in lines if line.panel == panel])
        left = max(left, 12 + widest(axis["ticktext"]))
        figure.update_yaxes(**axis, row=row, col=1)
    bottom = _bottom(lines)
    figure.update_layout(
        **{**LAYOUT, "dragmode": "zoom"},
        height=height_of(lines),
        margin={"l": left, "r": 12, "t": _TOP, "b": bottom, "autoexpand": False},
        hovermode="closest",
        legend=legend_below(bottom - _TICKS_HEIGHT),
        showlegend=True,
    )
    figure.update_xaxes(**_commit_axis(revisions))
    return figure


def _placed(lines: Sequence[Line], panels: Sequence[str]) -> Iterator[Trace]:
    """Yield all traces with the axes of their panel: lines first, what ended without a value on top."""
    stretches = max(40, MOST_POINTS // (2 * max(1, len(lines))))
    labels = list(dict.fromkeys(line.label for line in lines))
    commits = _Commits()
    told: set[str] = set()
    for line in lines:
        look = stroke(labels.index(line.label))
        axes = _axes(panels.index(line.panel))
        for trace in _traces(line, look, stretches, commits, first=line.label not in told):
            yield trace | axes
        told.add(line.label)
    for number, panel in enumerate(panels):
        for trace in _endings([line for line in lines if line.panel == panel], told, commits):
            yield trace | _axes(number)


def _axes(panel: int) -> Trace:
    """Say that something is drawn over the axes of a panel, named as `make_subplots` names them."""
    number = str(panel + 1) if panel else ""
    return {"type": "scatter", "xaxis": f"x{number}", "yaxis": f"y{number}"}


class _Commits:
    """What is said of commits, once for all lines that pass them."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}

    def line(self, revision: IndexedRevision) -> str:
        """Return what a person knows a commit by, fit for plotly."""
        known = self._lines.get(revision.commit)
        if known is None:
            known = self._lines[revision.commit] = safe(revision_line(revision), 90)
        return known


def _panels(lines: Sequence[Line]) -> list[str]:
    return list(dict.fromkeys(line.panel for line in lines))


def _traces(line: Line, look: Stroke, stretches: int, commits: _Commits, *, first: bool) -> Iterator[Trace]:
    values = line.series.values[line.shown] / line.scale
    kept = extremes(values, stretches)
    yield from _band(line, look, stretches)
    yield _line(line, look, line.shown[kept], commits, first=first)
    yield from _levels(line, look, commits)


def _line(line: Line, look: Stroke, kept: Indices, commits: _Commits, *, first: bool) -> Trace:
    few = len(kept) <= _MARKERS_UNTIL
    # A line that ran over a crash would say that there was something in between
    broken = np.array(line.endings if few else (), dtype=np.intp)
    points = np.union1d(kept, broken)
    return {
        "x": line.positions[points],
        "y": np.where(np.isin(points, broken), np.nan, line.series.values[points] / line.scale),
        "mode": "lines+markers" if few else "lines",
        "line": {"color": look.colour, "width": 1.5, "dash": look.dash},
        "marker": {"symbol": look.symbol, "size": 6, "color": look.colour},
        "name": safe(line.label or "value", _LONGEST),
        "legendgroup": safe(line.label),
        "showlegend": first and bool(line.label),
        **_told(line, points.tolist(), commits),
        **_hovering(line),
    }


def _told(line: Line, points: Sequence[int], commits: _Commits) -> Trace:
    """What points say when a person comes near, and which commit opens."""
    return {
        "customdata": _texts(_identity(line.series.revisions[at]) for at in points),
        "hovertext": _texts(_hover(line, at, commits) for at in points),
    }


def _texts(texts: Iterable[str]) -> NDArray[np.str_]:
    """Plotly takes an array as it is; of a list it looks at every entry, several times."""
    return np.array(list(texts), dtype=np.str_)


def _hovering(line: Line) -> Trace:
    """What all points of a line say alike is sent once."""
    return {
        "meta": safe(line.label, _LONGEST),
        "hovertemplate": ("%{meta}<br>" if line.label else "") + "%{hovertext}<extra></extra>",
    }


def _identity(revision: IndexedRevision) -> str:
    return revision.commit[:12]


def _band(line: Line, look: Stroke, stretches: int) -> Iterator[Trace]:
    """The intervals, as far as there are any; of every stretch the widest."""
    low, high = (side[line.shown] / line.scale for side in (line.series.low, line.series.high))
    kept = np.union1d(extremes(low, stretches // 2), extremes(high, stretches // 2)).astype(np.intp)
    kept = kept[np.isfinite(low[kept]) & np.isfinite(high[kept])]
    if len(kept) < 2:
        return
    x = line.positions[line.shown[kept]]
    # There along the upper end and back along the lower: plotly takes its time for each trace
    yield {
        "x": np.concatenate([x, x[::-1]]),
        "y": np.concatenate([high[kept], low[kept][::-1]]),
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": look.faint(0.18),
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": safe(line.label),
    }


def _levels(line: Line, look: Stroke, commits: _Commits) -> Iterator[Trace]:
    """Every level as a bar over its commits, and where a new one begins a marker."""
    low, high = line.window
    places = line.positions.tolist()
    xs: list[float | None] = []
    ys: list[float | None] = []
    for level in line.levels:
        start, end = max(low, places[level.start]), min(high - 1, places[level.end - 1])
        if len(line.levels) > 1 and start <= end:
            xs += [start, end, None]
            ys += [level.value / line.scale, level.value / line.scale, None]
    common: Trace = {"legendgroup": safe(line.label), "showlegend": False}
    if xs:
        bar = {"color": look.colour, "width": 4}
        yield {
            "x": xs,
            "y": ys,
            "mode": "lines",
            "line": bar,
            "opacity": 0.45,
            "hoverinfo": "skip",
            **common,
        }
    found = [(a, b) for a, b in pairwise(line.levels) if low <= places[b.start] < high]
    if found:
        yield {
            "x": [places[after.start] for _, after in found],
            "y": [after.value / line.scale for _, after in found],
            "mode": "markers",
            "marker": {
                "symbol": ["triangle-up" if b.value > a.value else "triangle-down" for a, b in found],
                "size": 13,
                "color": look.colour,
                "line": {"color": INK, "width": 1},
            },
            "customdata": _texts(_identity(line.series.revisions[after.start]) for _, after in found),
            "hovertext": _texts(
                f"{'▲ up' if b.value > a.value else '▼ down'} for good: {change_text(a.value, b.value)}"
                f"<br>{_hover(line, b.start, commits)}"
                for a, b in found
            ),
            **_hovering(line),
            **common,
        }


def change_text(before: float, after: float) -> str:
    """Return how much a level moved, as it is said aloud."""
    if not before:
        return "from 0"
    return times(after / before) if after / before >= 2 else percent(after / before)


def _endings(lines: Sequence[Line], told: set[str], commits: _Commits) -> Iterator[Trace]:
    """What ended without a value, in a lane below all values of the panel."""
    lane = _lane(lines)
    by_state: dict[str, list[tuple[Line, int]]] = {}
    for line in lines:
        for at in line.endings:
            by_state.setdefault(line.series.states[at], []).append((line, at))
    for state, places in by_state.items():
        kept = [places[at] for at in thinned(np.arange(len(places)), _MOST_ENDINGS)]
        look = look_of(state)
        words = f"{look.mark} {look.word}"
        yield {
            "x": [line.series.revisions[at].position for line, at in kept],
            "y": [lane] * len(kept),
            "mode": "markers",
            "marker": {
                "symbol": look.symbol,
                "size": 10,
                "color": look.colour,
                "line": {"width": 1.5, "color": look.colour},
            },
            "name": words,
            "legendgroup": f"state {state}",
            "showlegend": f"state {state}" not in told,
            "customdata": _texts(_identity(line.series.revisions[at]) for line, at in kept),
            "hovertext": _texts(
                "<br>".join(filter(None, (words, safe(line.label, _LONGEST), _hover(line, at, commits))))
                for line, at in kept
            ),
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        told.add(f"state {state}")


def _hover(line: Line, at: int, commits: _Commits) -> str:
    series, unit = line.series, line.series.unit
    # Thousands of them: numbers of numpy take three times as long to test and to write
    value, low, high = float(series.values[at]), float(series.low[at]), float(series.high[at])
    said = commits.line(series.revisions[at])
    if not math.isfinite(value):
        return said
    known = math.isfinite(low) and math.isfinite(high)
    extent = f" ({quantity(low, unit)} … {quantity(high, unit)})" if known else ""
    return f"{said}<br>{quantity(value, unit)}{extent}"


def _range(lines: Sequence[Line]) -> tuple[float, float]:
    """Least and greatest value of a panel; 0 and 1 where there is none."""
    found = [line.series.values[line.shown] / line.scale for line in lines]
    finite = np.concatenate([v[np.isfinite(v)] for v in found]) if found else np.array([])
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)


def _lane(lines: Sequence[Line]) -> float:
    low, high = _range(lines)
    return low - 0.14 * ((high - low) or abs(high) or 1.0)


def _value_axis(lines: Sequence[Line]) -> dict[str, Any]:
    low, high = _range(lines)
    margin = ((high - low) or abs(high) or 1.0) * 0.08
    bottom = _lane(lines) if any(line.endings for line in lines) else low
    unit = lines[0].unit if lines else ""
    ticks = [low] if low == high else [low + (high - low) * n / 3 for n in range(4)]
    return {
        "range": [bottom - margin, high + margin],
        "tickvals": ticks,
        "ticktext": [times(tick) if unit == RELATIVE else quantity(tick, unit) for tick in ticks],
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
    }


def _commit_axis(revisions: Sequence[IndexedRevision]) -> dict[str, Any]:
    if not revisions:
        return {"visible": False}
    at = thinned(np.arange(len(revisions)), _MOST_TICKS)
    first, last = revisions[0].position, revisions[-1].position
    margin = max(0.5, (last - first) * 0.02)
    return {
        "range": [first - margin, last + margin],
        "tickvals": [revisions[n].position for n in at],
        "ticktext": [safe(printable(revisions[n].name), 16) for n in at],
        "tickangle": 0,
        "gridcolor": GRID,
        "zeroline": False,
    }
