"""What is drawn of series over commits, as plotly takes it: lines, intervals and levels."""

from collections.abc import Iterator, Sequence

import numpy as np

from dashboard.data.lines import Line
from dashboard.figures.commit_hints import LONGEST, hints_of, identity_of
from dashboard.figures.decimation import Indices, extremes
from dashboard.figures.picture import Trace
from dashboard.figures.theme import safe
from dashboard.looks.strokes import Stroke

MARKERS_UNTIL = 300
"""Points of one picture. Each marker is an element that plotly styles twice: of more of them it took longer
to show than all else on the page."""


def traces_of(line: Line, look: Stroke, stretches: int, *, first: bool, marked: bool) -> Iterator[Trace]:
    """Yield a series as it is drawn: its line, its levels.

    Args:
        stretches: of each, the least and the greatest value are drawn.
        first: whether no other line of this label was drawn before: it names it in the legend.
        marked: whether each point has a marker, and the line a gap where something ended without a value.
    """
    values = line.series.values[line.shown] / line.scale
    kept = extremes(values, stretches)
    yield _line(line, look, line.shown[kept], first=first, marked=marked)
    yield from _levels(line, look)


def _line(line: Line, look: Stroke, kept: Indices, *, first: bool, marked: bool) -> Trace:
    # A line that ran over a crash would say that there was something in between
    broken = np.array(line.endings if marked else (), dtype=np.intp)
    points = np.union1d(kept, broken)
    return {
        "x": line.positions[points],
        "y": np.where(np.isin(points, broken), np.nan, line.series.values[points] / line.scale),
        "mode": "lines+markers" if marked else "lines",
        "line": {"color": look.colour, "width": 1.5, "dash": look.dash},
        "marker": {"symbol": look.symbol, "size": 6, "color": look.colour},
        "name": safe(line.label or "value", LONGEST),
        "legendgroup": safe(line.label),
        "showlegend": first and bool(line.label),
        **_told(line, points.tolist()),
        **_hovering(line),
    }


def _told(line: Line, points: Sequence[int]) -> Trace:
    """What points say when a person comes near, and which commit opens."""
    return {
        "customdata": [identity_of(line.series.revisions[at]) for at in points],
        "hovertext": hints_of(line, points),
    }


def _hovering(line: Line) -> Trace:
    """What all points of a line say alike is sent once."""
    return {
        "meta": safe(line.label, LONGEST),
        "hovertemplate": ("%{meta}<br>" if line.label else "") + "%{hovertext}<extra></extra>",
    }


def band_of(line: Line, look: Stroke, stretches: int) -> Iterator[Trace]:
    """Yield the intervals of a series, as far as there are any; of every stretch the widest."""
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


def _levels(line: Line, look: Stroke) -> Iterator[Trace]:
    """Every level as a bar over its commits."""
    low, high = line.window
    places = line.positions.tolist()
    xs: list[float | None] = []
    ys: list[float | None] = []
    for level in line.levels:
        start, end = max(low, places[level.start]), min(high - 1, places[level.end - 1])
        if len(line.levels) > 1 and start <= end:
            xs += [start, end, None]
            ys += [level.value / line.scale, level.value / line.scale, None]
    if xs:
        yield {
            "x": xs,
            "y": ys,
            "mode": "lines",
            "line": {"color": look.colour, "width": 4},
            "opacity": 0.45,
            "hoverinfo": "skip",
            "legendgroup": safe(line.label),
            "showlegend": False,
        }
