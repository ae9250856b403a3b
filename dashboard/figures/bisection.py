"""A bisection: every execution at its commit, and below how likely each commit is to be the first bad one."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.data.bisection import Candidate, Look
from dashboard.figures.theme import GRID, INK, LAYOUT, safe
from dashboard.looks.states import look_of
from pagewalk.analysis.bisection import Kind, Status
from pagewalk.index.states import NOT_RUN, OK
from pagewalk.model import Outcome
from pagewalk.reports.wording import printable
from pagewalk.units import change, share_text, title_of_metric

HEIGHT = 520
"""In pixels: a page keeps the room before the figure is drawn."""
LEAST = 1e-6
"""Beliefs below this are not drawn: nobody could see them."""
MOST_TICKS = 10
"""Commits that are named below: as many as stand beside each other on a telephone."""

_VALUE, _BELIEF = "#0072B2", "#D55E00"
_SPREAD = 0.3
_BUILD = Outcome.BUILD_FAILED.value
_CRASH = Outcome.CRASHED.value


def bisection_figure(look: Look) -> go.Figure:
    """Draw one search; both halves share their commits, oldest left.

    Values are divided by the median of the good commit where all are positive. How executions ended that
    gave none, and what does not build, stands in lanes of its own below them.
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.68, 0.32], vertical_spacing=0.06)
    levels = {c.place: _levels(c, look) for c in look.candidates}
    lanes = _lanes(look, [y for found in levels.values() for y in found])
    for trace in (*_values(look, levels), *_endings(look, lanes)):
        figure.add_trace(trace, row=1, col=1)
    figure.add_trace(_beliefs(look.candidates), row=2, col=1)
    for x in _borders(look):
        figure.add_vline(x=x, line={"color": INK, "width": 1, "dash": "dash"})
    figure.update_layout(
        **LAYOUT,
        height=HEIGHT,
        margin={"l": 8, "r": 16, "t": 12, "b": 84},
        hovermode="closest",
        showlegend=False,
        bargap=0.15,
        uirevision=look.name,
    )
    figure.update_yaxes(**_value_axis(look, levels, lanes), row=1, col=1)
    figure.update_yaxes(
        title={"text": "P(first bad)"},
        rangemode="tozero",
        zeroline=False,
        tickformat=".0%",
        nticks=4,
        gridcolor=GRID,
        col=1,
        row=2,
    )
    figure.update_xaxes(range=[-0.7, max(1, len(look.candidates)) - 0.3], gridcolor=GRID, zeroline=False)
    figure.update_xaxes(**_commit_axis(look), row=2, col=1)
    return figure


def _levels(candidate: Candidate, look: Look) -> tuple[float, ...]:
    if look.kind is Kind.OUTCOME:
        return ()
    return tuple(value / (look.reference or 1.0) for value in candidate.values)


def _values(look: Look, levels: Mapping[int, Sequence[float]]) -> Iterator[go.Scatter]:
    points = [(c, n, level) for c in look.candidates for n, level in enumerate(levels[c.place])]
    yield go.Scatter(
        x=[c.place + _aside(n, len(levels[c.place])) for c, n, _ in points],
        y=[level for _, _, level in points],
        mode="markers",
        marker={"symbol": "circle", "size": 7, "color": _VALUE, "opacity": 0.75},
        hovertext=[f"{_name(c)}<br>execution {n + 1}: {_text(c.values[n], look)}" for c, n, _ in points],
        hovertemplate="%{hovertext}<extra></extra>",
        name="executions",
    )
    middles = [(c, median(levels[c.place])) for c in look.candidates if len(levels[c.place]) > 1]
    yield go.Scatter(
        x=[c.place for c, _ in middles],
        y=[level for _, level in middles],
        mode="markers",
        marker={"symbol": "line-ew", "size": 16, "line": {"width": 2, "color": INK}},
        hovertext=[f"{_name(c)}<br>median: {_text(median(c.values), look)}" for c, _ in middles],
        hovertemplate="%{hovertext}<extra></extra>",
        name="medians",
    )


def _endings(look: Look, lanes: Mapping[str, float]) -> Iterator[go.Scatter]:
    for state, lane in lanes.items():
        found = [(c, count) for c in look.candidates if (count := _count(c, state, look))]
        style = look_of(state)
        yield go.Scatter(
            x=[c.place + _aside(n, count) for c, count in found for n in range(count)],
            y=[lane for _, count in found for _ in range(count)],
            mode="markers",
            marker={"symbol": style.symbol, "size": 8, "color": style.colour, "opacity": 0.85},
            hovertext=[
                f"{_name(c)}<br>{count} of {max(1, c.executions)}: {style.word}"
                for c, count in found
                for _ in range(count)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            name=style.word,
        )


def _count(candidate: Candidate, state: str, look: Look) -> int:
    """How often a commit ended in a state that has a lane."""
    if state == OK:
        return len(candidate.values) + candidate.silent if look.kind is Kind.OUTCOME else 0
    if state == NOT_RUN:
        return candidate.silent if look.kind is not Kind.OUTCOME else 0
    return candidate.crashed if state == _CRASH else int(candidate.skipped)


def _lanes(look: Look, levels: Sequence[float]) -> dict[str, float]:
    """Return the lanes that something stands in, the topmost first, below all values."""
    low, high = (min(levels), max(levels)) if levels else (0.0, 0.0)
    step = max((high - low) * 0.14, abs(high) * 1e-3) or 1.0
    told = [s for s in (OK, _CRASH, NOT_RUN, _BUILD) if any(_count(c, s, look) for c in look.candidates)]
    return {state: low - step * n for n, state in enumerate(told, start=1)}


def _beliefs(candidates: Sequence[Candidate]) -> go.Bar:
    shown = [c for c in candidates if c.belief is not None and c.belief >= LEAST]
    return go.Bar(
        x=[c.place for c in shown],
        y=[c.belief for c in shown],
        marker={"color": _BELIEF},
        hovertext=[f"{_name(c)}<br>first bad with {share_text(c.belief or 0.0)}" for c in shown],
        hovertemplate="%{hovertext}<extra></extra>",
        name="posterior",
    )


def _borders(look: Look) -> list[float]:
    """Where good ends, and where bad begins: the same place where one commit is to blame."""
    if look.answer is None or look.answer.status is Status.NOT_REPRODUCED:
        return []
    return sorted({look.answer.after + 0.5, look.answer.up_to - 0.5})


def _aside(number: int, count: int) -> float:
    """Executions of one commit stand beside each other, in the order of time."""
    return 0.0 if count < 2 else _SPREAD * (2 * number / (count - 1) - 1)


def _name(candidate: Candidate) -> str:
    return f"{candidate.commit[:10]} {safe(printable(candidate.subject), 70)}"


def _text(value: float, look: Look) -> str:
    told = safe(look.told(value))
    return f"{told} ({change(value / look.reference)})" if look.reference else told


def _value_axis(
    look: Look, levels: Mapping[int, Sequence[float]], lanes: Mapping[str, float]
) -> dict[str, Any]:
    everything = [y for found in levels.values() for y in found]
    ticks: list[float] = []
    if everything:
        low, high = min(everything), max(everything)
        ticks = [low] if low == high else [low + (high - low) * n / 3 for n in range(4)]
    texts = [f"×{tick:.4g}" if look.reference else safe(look.told(tick)) for tick in ticks]
    words = [look_of(state).word for state in lanes]
    edges = [*everything, *lanes.values()] or [0.0, 1.0]
    margin = (max(edges) - min(edges)) * 0.1 or abs(max(edges)) * 0.05 or 1.0
    title = safe(title_of_metric(look.asked.metric)) if look.asked and everything else ""
    return {
        "title": {"text": f"{title}, good = 1" if title and look.reference else title},
        "tickvals": [*ticks, *lanes.values()],
        "ticktext": [*texts, *words],
        "range": [min(edges) - margin, max(edges) + margin],
        "gridcolor": GRID,
        "zeroline": False,
        "automargin": True,
    }


def _commit_axis(look: Look) -> dict[str, Any]:
    last = len(look.candidates) - 1
    chosen = set(np.linspace(0, max(0, last), min(MOST_TICKS, last + 1)).astype(int).tolist())
    if look.answer is not None:
        # who is to blame has a name; of its neighbours' there is no room for both
        blamed = look.answer.up_to
        chosen = {place for place in chosen if abs(place - blamed) * MOST_TICKS >= last} | {blamed}
    shown = [look.candidates[place] for place in sorted(chosen)]
    return {
        "tickvals": [c.place for c in shown],
        "ticktext": [c.commit[:7] for c in shown],
        "tickangle": -45,
    }
