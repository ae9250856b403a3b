"""The samples themselves: every execution of base and head as a point."""

from collections.abc import Sequence
from statistics import median

import plotly.graph_objects as go

from dashboard.figures.room import widest
from dashboard.figures.theme import GRID, INK, LAYOUT, safe
from dashboard.looks.wording import per_operation
from pagewalk.analysis.comparison import MetricRow
from pagewalk.model import Values
from pagewalk.reports.wording import printable
from pagewalk.units import quantity, title_of_metric, unit_of_metric

HEIGHT = 190
"""In pixels: a page keeps the room before the figure is drawn."""

_COLOURS = {"base": "#7A828E", "head": "#0072B2"}
_SYMBOLS = {"base": "circle-open", "head": "circle"}
_LANES = {"base": 1.0, "head": 0.0}
_SPREAD = 0.32
_LONGEST = 22


def samples_figure(row: MetricRow, base_name: str, head_name: str) -> go.Figure:
    """Draw the samples of one metric of one case on one machine, a lane a side.

    Within a lane the first execution is on top and the last at the bottom, so that a drift
    during the sitting shows as a slope. The bar is the median.
    """
    figure = go.Figure()
    unit = unit_of_metric(row.metric)
    for side, values in (("base", row.base), ("head", row.head)):
        if values.samples:
            figure.add_trace(_strip(values, side, unit))
            figure.add_trace(_middle(values, side))
    everything = [*row.base.samples, *row.head.samples]
    left = 12 + widest(printable(name)[:_LONGEST] for name in (base_name, head_name))
    figure.update_layout(
        **LAYOUT,
        height=HEIGHT,
        margin={"l": left, "r": 16, "t": 8, "b": 44, "autoexpand": False},
        showlegend=False,
        hovermode="closest",
    )
    ticks = _ticks(everything)
    figure.update_xaxes(
        title={"text": safe(f"{title_of_metric(row.metric)}{per_operation(unit)}")},
        tickvals=ticks,
        ticktext=[quantity(tick, unit) for tick in ticks],
        range=_range(everything),
        gridcolor=GRID,
        zeroline=False,
    )
    figure.update_yaxes(
        tickvals=list(_LANES.values()),
        ticktext=[_lane_label("base", base_name), _lane_label("head", head_name)],
        range=[-0.55, 1.55],
        showgrid=False,
        zeroline=False,
    )
    return figure


def _lane_label(side: str, name: str) -> str:
    return f"{side}<br>{safe(printable(name), _LONGEST)}"


def _strip(values: Values, side: str, unit: str) -> go.Scatter:
    count = len(values.samples)
    step = 2 * _SPREAD / max(1, count - 1)
    top = _SPREAD if count > 1 else 0.0
    return go.Scatter(
        x=list(values.samples),
        y=[_LANES[side] + top - step * n for n in range(count)],
        mode="markers",
        marker={"symbol": _SYMBOLS[side], "size": 8, "color": _COLOURS[side], "opacity": 0.85},
        hovertext=[
            f"{side}, execution {n} of {count}: {quantity(x, unit)}" for n, x in enumerate(values.samples, 1)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        name=side,
    )


def _middle(values: Values, side: str) -> go.Scatter:
    at = median(values.samples)
    return go.Scatter(
        x=[at, at],
        y=[_LANES[side] - 0.42, _LANES[side] + 0.42],
        mode="lines",
        line={"color": INK, "width": 2},
        hoverinfo="skip",
        name=f"median of {side}",
    )


def _range(samples: Sequence[float]) -> list[float] | None:
    if not samples:
        return None
    low, high = min(samples), max(samples)
    margin = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    return [low - margin, high + margin]


def _ticks(samples: Sequence[float]) -> list[float]:
    """Four ticks over the samples; one where all are the same."""
    if not samples:
        return []
    low, high = min(samples), max(samples)
    return [low] if low == high else [low + (high - low) * n / 3 for n in range(4)]
