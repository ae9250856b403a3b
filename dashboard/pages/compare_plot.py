"""The plot of the comparison: the changes that can be drawn, with their intervals."""

from collections.abc import Callable, Sequence
from typing import Any

import plotly.graph_objects as go
from dash import Dash, Output, dcc, html

from dashboard.components.later import Later, answer_when_near
from dashboard.components.pieces import scrolling
from dashboard.data.rows import Row
from dashboard.data.shown import Shown
from dashboard.figures.forest import MOST_ROWS, forest, height_of, least_width, plottable
from dashboard.figures.theme import LAYOUT
from dashboard.pages.details import graph_config

_EMPTY_HEIGHT = 80
_PLACE = "forest-place"
WANTED = Output(_PLACE, "wanted")
"""The question whose answer is to be drawn."""
GESTURE = ("forest", "clickData")
"""By which a row is opened."""


def plot_section(found: Shown, question: str) -> Any:
    """Return the section without its plot, which lies below the window and is asked for when it is near.

    Args:
        question: names what `found` answers.
    """
    config = graph_config("zoom2d", "pan2d", "resetScale2d", "toImage")
    graph = dcc.Graph(id="forest", config=config, className="pw-graph")
    place = Later(graph, {"height": "100%"}, id=_PLACE, wanted=question)
    # Narrower screens scroll
    style, note = around(found)
    frame = html.Div(place, id="plot-frame", style=style)
    region = scrolling(frame, "plot of the changes")
    head = html.Div([html.H2("Change with its interval", id="plot-heading")], className="pw-card-head")
    caption = html.Figcaption(note, id="plot-note", className="pw-quiet")
    return html.Section([head, html.Figure([region, caption])], className="pw-card")


def answer_plot(app: Dash, find: Callable[[str], Shown]) -> None:
    """Draw what is wanted once it is asked for.

    Args:
        find: answers a question.
    """
    answer_when_near(app, _PLACE, [Output("forest", "figure")], lambda question: [plot(find(question))])


def around(found: Shown) -> tuple[dict[str, str], str]:
    """Return the style of the plot's place, and how the plot is to be read."""
    rows = plottable(found.rows)
    return _style(rows[:MOST_ROWS], len(found.machines)), _note(len(rows))


def _style(drawn: Sequence[Row], machines: int) -> dict[str, str]:
    """Return the width below which the plot scrolls, and its height."""
    height = height_of(len(drawn)) if drawn else _EMPTY_HEIGHT
    return {"minWidth": f"{least_width(drawn, machines)}px", "height": f"{height}px"}


def plot(found: Shown) -> go.Figure:
    """Return the forest plot; an empty one where nothing can be drawn."""
    rows = plottable(found.rows)
    return forest(rows[:MOST_ROWS], found.machines) if rows else _empty()


def _note(count: int) -> str:
    """Return how the plot is to be read, and what it leaves out of so many rows."""
    if not count:
        return "No row that passes the filters has a change to draw."
    left = f" The first {MOST_ROWS} of {count} rows; filter to see others." if count > MOST_ROWS else ""
    axis = "Head over base, logarithmic; right is more, and less is better everywhere."
    return f"{axis} Grey bars are changes too small to count.{left}"


def _empty() -> go.Figure:
    figure = go.Figure()
    figure.update_layout(**LAYOUT, height=_EMPTY_HEIGHT, xaxis={"visible": False}, yaxis={"visible": False})
    return figure
