"""What a function was called with: calls by the values of an argument, before and after."""

import plotly.graph_objects as go

from dashboard.figures.theme import GRID, LAYOUT, safe
from pagewalk.analysis.profiles import Argument
from pagewalk.reports.flame.values import bucket_text
from pagewalk.reports.wording import printable
from pagewalk.units import share_text

HEIGHT = 300
"""In pixels: a page keeps the room before the figure is drawn."""

_BASE, _HEAD = "#7A828E", "#0072B2"


def argument_figure(argument: Argument, base: str, head: str) -> go.Figure:
    """Draw a bar a range of values and side, as shares of that side's calls.

    Args:
        base, head: names of the sides; `base` is empty for a single one.
    """
    figure = go.Figure()
    sides = ((base, argument.base, _BASE), (head, argument.head, _HEAD))
    ranges = [bucket_text(bucket) for bucket in argument.buckets]
    for number, (name, total, colour) in enumerate(sides):
        if not name or not total:
            continue
        counts = [bucket.head if number else bucket.base for bucket in argument.buckets]
        figure.add_trace(
            go.Bar(
                x=ranges,
                y=[count / total for count in counts],
                name=safe(printable(name), 60),
                marker={"color": colour},
                hovertext=[f"{count} calls, {share_text(count / total)}" for count in counts],
                hovertemplate="%{x}<br>%{hovertext}<extra></extra>",
            )
        )
    figure.update_layout(
        **LAYOUT,
        height=HEIGHT,
        margin={"l": 8, "r": 16, "t": 8, "b": 84},
        barmode="group",
        showlegend=bool(base),
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    figure.update_xaxes(title={"text": safe(argument.name)}, type="category")
    figure.update_yaxes(
        title={"text": "share of calls"},
        tickformat=".0%",
        gridcolor=GRID,
        rangemode="tozero",
        automargin=True,
    )
    return figure
