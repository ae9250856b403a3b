"""Series over commits: a line each with its interval, levels and changes, and what ended without a value."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from dashboard.data.lines import Line, by_panel
from dashboard.figures.commit_hints import LONGEST
from dashboard.figures.commit_marks import CHANGES, changes_of, endings_of
from dashboard.figures.commit_traces import MARKERS_UNTIL, band_of, traces_of
from dashboard.figures.decimation import thinned
from dashboard.figures.panels import axes_of, panels_below
from dashboard.figures.picture import Picture, Trace
from dashboard.figures.room import legend_below, legend_height, widest
from dashboard.figures.theme import GRID, LAYOUT, safe
from dashboard.figures.value_axis import value_axis
from dashboard.looks.states import look_of
from dashboard.looks.strokes import stroke
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.reports.wording import printable

MOST_POINTS = 2400
"""Of one picture. More would only be drawn over one another, and cost time on every click and zoom."""
BANDS_UNTIL = 6
"""Lines of one panel. The bands of more lie over one another; a point still says its interval."""

_PANEL = 200
_GAPS = 0.09
"""Share of the picture's height that lies between panels."""
_TOP = 34
_TICKS_HEIGHT = 34
_MOST_TICKS = 7


def height_of(lines: Sequence[Line]) -> int:
    """Return the height of the picture in pixels: a page keeps the room before it is drawn."""
    return _TOP + _PANEL * max(1, len(by_panel(lines))) + _bottom(lines)


def _bottom(lines: Sequence[Line]) -> int:
    states = {line.series.states[at] for line in lines for at in line.endings}
    told = [*(f"{look.mark} {look.word}" for look in map(look_of, states))]
    labels = dict.fromkeys(line.label[:LONGEST] for line in lines)
    changes = [CHANGES] if any(len(line.levels) > 1 for line in lines) else []
    return _TICKS_HEIGHT + legend_height([*labels, *changes, *told])


def history(lines: Sequence[Line], revisions: Sequence[IndexedRevision]) -> Picture:
    """Draw lines over commits, a panel a small multiple, all with the same commits below one another.

    Args:
        revisions: those of the window, oldest first.
    """
    panels = by_panel(lines)
    upwards = [value_axis(within) for within in panels.values()]
    left = max((12 + widest(axis["ticktext"]) for axis in upwards), default=0)
    bottom = _bottom(lines)
    titles = [safe(printable(panel), 60) for panel in panels] if any(panels) else []
    gap = _GAPS / (len(upwards) - 1) if len(upwards) > 1 else 0.0
    layout = {
        **LAYOUT,
        **panels_below(titles, _commit_axis(revisions), upwards or [{}], gap),
        "dragmode": "zoom",
        "height": height_of(lines),
        "margin": {"l": left, "r": 12, "t": _TOP, "b": bottom, "autoexpand": False},
        "hovermode": "closest",
        "legend": legend_below(bottom - _TICKS_HEIGHT),
        "showlegend": True,
    }
    return Picture(list(_placed(lines, panels)), layout)


def _placed(lines: Sequence[Line], panels: Mapping[str, Sequence[Line]]) -> Iterator[Trace]:
    """Yield all traces with the axes of their panel: lines first, what ended without a value on top."""
    stretches = max(40, MOST_POINTS // (2 * max(1, len(lines))))
    labels = list(dict.fromkeys(line.label for line in lines))
    marked = sum(len(line.shown) for line in lines) <= MARKERS_UNTIL
    told: set[str] = set()
    banded = banded_of(lines)
    for line in lines:
        look = stroke(labels.index(line.label))
        axes = _over(list(panels).index(line.panel))
        for trace in band_of(line, look, stretches) if line in banded else ():
            yield trace | axes
        for trace in traces_of(line, look, stretches, first=line.label not in told, marked=marked):
            yield trace | axes
        told.add(line.label)
    for number, within in enumerate(panels.values()):
        looks = [stroke(labels.index(line.label)) for line in within]
        for trace in (*changes_of(within, looks, told), *endings_of(within, told)):
            yield trace | _over(number)


def banded_of(lines: Sequence[Line]) -> list[Line]:
    """Return the lines whose intervals are drawn: those of panels where one band can be told from others."""
    told = [within for within in by_panel(lines).values() if len(within) <= BANDS_UNTIL]
    return [line for within in told for line in within if line.series.interval]


def _over(panel: int) -> Trace:
    return {"type": "scatter", **axes_of(panel)}


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
