"""What is marked over commits: where new levels begin, and what ended without a value."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from dashboard.data.lines import Level, Line
from dashboard.figures.commit_hints import LONGEST, hints_of, identity_of
from dashboard.figures.decimation import thinned
from dashboard.figures.picture import Trace
from dashboard.figures.theme import INK, safe
from dashboard.figures.value_axis import lane_of
from dashboard.looks.states import look_of
from dashboard.looks.strokes import Stroke
from dashboard.looks.wording import change_text

CHANGES = "▲▼ new level for good"
"""What the legend calls the markers of changes."""
_MOST_ENDINGS = 120

_Places = Sequence[tuple[Line, int]]
"""Lines, and indices into the revisions of each."""


def changes_of(lines: Sequence[Line], looks: Sequence[Stroke], told: set[str]) -> Iterator[Trace]:
    """Yield where new levels begin: one trace for all lines of a panel, for plotly takes its time for each.

    Args:
        looks: of the lines.
        told: what the legend names already; grows.
    """
    of_lines = zip(lines, looks, strict=True)
    found = [(line, look, a, b) for line, look in of_lines for a, b in _shifts(line)]
    if not found:
        return
    places = [(line, b.start) for line, _, _, b in found]
    told_of = zip(found, _hints(places), strict=True)
    yield {
        "x": _along(places),
        "y": [b.value / line.scale for line, _, _, b in found],
        "mode": "markers",
        "marker": {
            "symbol": ["triangle-up" if b.value > a.value else "triangle-down" for _, _, a, b in found],
            "size": 13,
            "color": [look.colour for _, look, _, _ in found],
            "line": {"color": INK, "width": 1},
        },
        "name": CHANGES,
        "legendgroup": "changes",
        "showlegend": CHANGES not in told,
        "customdata": _identities(places),
        "hovertext": [_lines(_name(line), _shift_text(a, b), hint) for (line, _, a, b), hint in told_of],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    told.add(CHANGES)


def _shifts(line: Line) -> Iterator[tuple[Level, Level]]:
    """Yield a level and the next one, where that begins in the window."""
    low, high = line.window
    return ((a, b) for a, b in pairwise(line.levels) if low <= line.positions[b.start] < high)


def _shift_text(before: Level, after: Level) -> str:
    way = "▲ up" if after.value > before.value else "▼ down"
    return f"{way} for good: {change_text(before.value, after.value)}"


def endings_of(lines: Sequence[Line], told: set[str]) -> Iterator[Trace]:
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
        told_of = zip(kept, _hints(kept), strict=True)
        yield {
            "x": _along(kept),
            "y": np.full(len(kept), lane),
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
            "customdata": _identities(kept),
            "hovertext": [_lines(words, _name(line), hint) for (line, _), hint in told_of],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        told.add(f"state {state}")


def _along(places: _Places) -> NDArray[np.int64]:
    return np.array([line.positions[at] for line, at in places], dtype=np.int64)


def _identities(places: _Places) -> list[str]:
    return [identity_of(line.series.revisions[at]) for line, at in places]


def _hints(places: _Places) -> list[str]:
    """Return what is said of each place; those of a line stand after one another."""
    by_line = groupby(places, key=itemgetter(0))
    return [hint for line, some in by_line for hint in hints_of(line, [at for _, at in some])]


def _name(line: Line) -> str:
    return safe(line.label, LONGEST)


def _lines(*said: str) -> str:
    return "<br>".join(filter(None, said))
