"""How noisy a machine was over time: the median floor of each metric, and up to where its cases reach."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import plotly.graph_objects as go

from dashboard.data.floors import Noise
from dashboard.figures.room import legend_below, legend_height, widest
from dashboard.figures.theme import GRID, LAYOUT, safe
from dashboard.looks.strokes import Stroke, stroke
from dashboard.looks.wording import day_text
from pagewalk.reports.wording import count_of, printable
from pagewalk.units import limit_text, title_of_metric

_BODY = 180
_TOP = 12
_TICKS_HEIGHT = 34
_DAY = 86_400
_ROUND = (0.0001, 0.001, 0.01, 0.1, 1.0, 10.0)
_BELOW = 0.0001
"""Where a floor of 0 stands on an axis of magnitudes."""


def height_of(noise: Mapping[str, Sequence[Noise]]) -> int:
    """Return the height of the picture in pixels: a page keeps the room before it is drawn."""
    return _TOP + _BODY + _bottom(noise)


def noise_figure(noise: Mapping[str, Sequence[Noise]]) -> go.Figure:
    """Draw a line a metric over the days on which it was measured, bars from the least to the worst case.

    Args:
        noise: of `dashboard.data.floors.noise_over_time`, not empty.
    """
    figure = go.Figure([_line(days, stroke(number)) for number, days in enumerate(noise.values())])
    everything = [day for days in noise.values() for day in days]
    ticks = [tick for tick in _ROUND if tick <= 10 * max(_height(day.most) for day in everything)]
    labels = ["0" if tick == _BELOW else limit_text(tick) for tick in ticks]
    bottom = _bottom(noise)
    figure.update_layout(
        **LAYOUT,
        height=height_of(noise),
        margin={"l": 12 + widest(labels), "r": 16, "t": _TOP, "b": bottom, "autoexpand": False},
        hovermode="closest",
        showlegend=True,
        legend=legend_below(bottom - _TICKS_HEIGHT),
    )
    range_ = [math.log10(_BELOW) - 0.2, math.log10(ticks[-1]) + 0.1]
    figure.update_yaxes(
        type="log", range=range_, tickvals=ticks, ticktext=labels, gridcolor=GRID, zeroline=False
    )
    figure.update_xaxes(**_day_axis([day.taken for day in everything]))
    return figure


def _bottom(noise: Mapping[str, Sequence[Noise]]) -> int:
    return _TICKS_HEIGHT + legend_height([title_of_metric(metric) for metric in noise])


def _line(days: Sequence[Noise], look: Stroke) -> go.Scatter:
    at = [_height(day.middle) for day in days]
    return go.Scatter(
        x=[_date(day.taken) for day in days],
        y=at,
        mode="lines+markers",
        line={"color": look.colour, "width": 1.5, "dash": look.dash},
        marker={"symbol": look.symbol, "size": 8, "color": look.colour},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [_height(day.most) - y for day, y in zip(days, at, strict=True)],
            "arrayminus": [y - _height(day.least) for day, y in zip(days, at, strict=True)],
            "thickness": 1,
            "width": 4,
        },
        name=safe(title_of_metric(days[0].metric), 60),
        hovertext=[_hover(day) for day in days],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(day: Noise) -> str:
    return "<br>".join(
        (
            f"<b>{safe(title_of_metric(day.metric))}</b>, {day_text(day.taken)}",
            f"median floor of {count_of(day.cases, 'case')}: {limit_text(day.middle)}",
            f"noisiest: {limit_text(day.most)}, {safe(printable(str(day.worst.case)), 70)}",
            safe(printable(f"at {day.worst.revision}"), 70),
        )
    )


def _height(floor: float) -> float:
    """Return where a floor stands: 0 and infinity at the ends of the axis."""
    return min(_ROUND[-1], max(_BELOW, floor))


def _date(taken: float) -> str:
    return datetime.fromtimestamp(taken, UTC).strftime("%Y-%m-%d %H:%M")


def _day_axis(taken: Sequence[float]) -> dict[str, Any]:
    """At least a fortnight: a single day would else be drawn by the millisecond."""
    first, last = min(taken), max(taken)
    middle, half = (first + last) / 2, max(7 * _DAY, (last - first) * 0.55)
    return {
        "type": "date",
        "range": [_date(middle - half), _date(middle + half)],
        "tickformat": "%Y-%m-%d",
        "nticks": 6,
        "tickangle": 0,
        "gridcolor": GRID,
        "zeroline": False,
    }
