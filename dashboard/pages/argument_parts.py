"""Arguments of a probed function on a page: a histogram and its table each."""

from typing import Any

from dash import dcc, html

from dashboard.components.pieces import scrolling, table
from dashboard.data.profiles import Shown
from dashboard.figures.arguments import HEIGHT, argument_figure
from dashboard.pages.details import graph_config
from pagewalk.analysis.profiles import Argument
from pagewalk.reports.flame.values import bucket_text
from pagewalk.reports.wording import printable


def argument_sections(shown: Shown) -> list[Any]:
    """Return a section an argument that the profiles tell; none where they tell none."""
    choices = shown.choices
    base = choices.base.name if choices.base else ""
    return [_section(argument, base, choices.head.name) for argument in shown.arguments()]


def _section(argument: Argument, base: str, head: str) -> Any:
    graph = dcc.Graph(
        figure=argument_figure(argument, base, head),
        config=graph_config("toImage"),
        className="pw-graph",
        style={"height": f"{HEIGHT}px"},
    )
    names = (printable(base), printable(head)) if base else (printable(head),)
    rows = [
        [bucket_text(one), *((str(one.base),) if base else ()), str(one.head)] for one in argument.buckets
    ]
    label = f"calls by {argument.name}"
    picture = scrolling(html.Div(graph, style={"minWidth": "340px"}), f"plot of {label}")
    heading = html.Div([html.H2(f"Calls by {argument.name}")], className="pw-card-head")
    return html.Section(
        [heading, html.Figure(picture), table((argument.name, *names), rows, label)], className="pw-card"
    )
