"""What is marked over commits: where new levels begin, and what ended without a value."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from dashboard.data.lines import Level, Line
from dashboard.figures.commit_hints import LONGEST, Commits, Trace, hint_of, identity_of, texts_of
from dashboard.figures.decimation import thinned
from dashboard.figures.theme import INK, safe
from dashboard.figures.value_axis import lane_of
from dashboard.looks.states import look_of
from dashboard.looks.strokes import Stroke
from dashboard.looks.wording import change_text

CHANGES = "▲▼ new level for good"
"""What the legend calls the markers of changes."""
_MOST_ENDINGS = 120


def changes_of(
    lines: Sequence[Line], looks: Sequence[Stroke], told: set[str], commits: Commits
) -> Iterator[Trace]:
    """Yield where new levels begin: one trace for all lines of a panel, for plotly takes its time for each.

    Args:
        looks: of the lines.
        told: what the legend names already; grows.
    """
    found = [(line, look, a, b) for line, look in zip(lines, looks, strict=True) for a, b in _shifts(line)]
    if not found:
        return
    yield {
        "x": [int(line.positions[b.start]) for line, _, _, b in found],
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
        "customdata": texts_of(identity_of(line.series.revisions[b.start]) for line, _, _, b in found),
        "hovertext": texts_of(_shift_text(line, a, b, commits) for line, _, a, b in found),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    told.add(CHANGES)


def _shifts(line: Line) -> Iterator[tuple[Level, Level]]:
    """Yield a level and the next one, where that begins in the window."""
    low, high = line.window
    return ((a, b) for a, b in pairwise(line.levels) if low <= line.positions[b.start] < high)


def _shift_text(line: Line, before: Level, after: Level, commits: Commits) -> str:
    way = "▲ up" if after.value > before.value else "▼ down"
    said = f"{way} for good: {change_text(before.value, after.value)}"
    return "<br>".join(filter(None, (safe(line.label, LONGEST), said, hint_of(line, after.start, commits))))


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
            "customdata": texts_of(identity_of(line.series.revisions[at]) for line, at in kept),
            "hovertext": texts_of(
                "<br>".join(filter(None, (words, safe(line.label, LONGEST), hint_of(line, at, commits))))
                for line, at in kept
            ),
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        told.add(f"state {state}")
