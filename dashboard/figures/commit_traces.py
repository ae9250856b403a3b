"""What is drawn of series over commits, as plotly takes it: lines, intervals, levels, and bad endings."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.data.lines import Line
from dashboard.figures.decimation import Indices, extremes, thinned
from dashboard.figures.theme import INK, safe
from dashboard.figures.value_axis import lane_of
from dashboard.looks.states import look_of
from dashboard.looks.strokes import Stroke
from dashboard.looks.wording import revision_line
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.units import percent, quantity, times

LONGEST = 60
"""Letters of a line's name in legends and hints."""
MARKERS_UNTIL = 300
"""Points of one picture. Each marker is an element that plotly styles twice: of more of them it took longer
to show than all else on the page."""
_MOST_ENDINGS = 120

Trace = dict[str, Any]
"""What `plotly.graph_objects.Scatter` takes."""


class Commits:
    """What is said of commits, once for all lines that pass them."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}

    def line(self, revision: IndexedRevision) -> str:
        """Return what a person knows a commit by, fit for plotly."""
        known = self._lines.get(revision.commit)
        if known is None:
            known = self._lines[revision.commit] = safe(revision_line(revision), 90)
        return known


def traces_of(  # noqa: PLR0913 - a line, how it looks, and how much of it
    line: Line, look: Stroke, stretches: int, commits: Commits, *, first: bool, marked: bool
) -> Iterator[Trace]:
    """Yield a series as it is drawn: its line, its levels.

    Args:
        stretches: of each, the least and the greatest value are drawn.
        first: whether no other line of this label was drawn before: it names it in the legend.
        marked: whether each point has a marker, and the line a gap where something ended without a value.
    """
    values = line.series.values[line.shown] / line.scale
    kept = extremes(values, stretches)
    yield _line(line, look, line.shown[kept], commits, first=first, marked=marked)
    yield from _levels(line, look, commits)


def _line(  # noqa: PLR0913 - as of traces_of
    line: Line, look: Stroke, kept: Indices, commits: Commits, *, first: bool, marked: bool
) -> Trace:
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
        **_told(line, points.tolist(), commits),
        **_hovering(line),
    }


def _told(line: Line, points: Sequence[int], commits: Commits) -> Trace:
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
        "meta": safe(line.label, LONGEST),
        "hovertemplate": ("%{meta}<br>" if line.label else "") + "%{hovertext}<extra></extra>",
    }


def _identity(revision: IndexedRevision) -> str:
    return revision.commit[:12]


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


def _levels(line: Line, look: Stroke, commits: Commits) -> Iterator[Trace]:
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


def endings_of(lines: Sequence[Line], told: set[str], commits: Commits) -> Iterator[Trace]:
    """Yield what ended without a value, in a lane below all values of the panel.

    Args:
        told: what the legend names already; grows.
    """
    lane = lane_of(lines)
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
                "<br>".join(filter(None, (words, safe(line.label, LONGEST), _hover(line, at, commits))))
                for line, at in kept
            ),
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        told.add(f"state {state}")


def _hover(line: Line, at: int, commits: Commits) -> str:
    series, unit = line.series, line.series.unit
    # Thousands of them: numbers of numpy take three times as long to test and to write
    value, low, high = float(series.values[at]), float(series.low[at]), float(series.high[at])
    said = commits.line(series.revisions[at])
    if not math.isfinite(value):
        return said
    known = math.isfinite(low) and math.isfinite(high)
    extent = f" ({quantity(low, unit)} … {quantity(high, unit)})" if known else ""
    return f"{said}<br>{quantity(value, unit)}{extent}"
