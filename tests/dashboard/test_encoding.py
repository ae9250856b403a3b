"""Pages are written as Dash writes them, byte by byte."""

from enum import StrEnum
from typing import Any

import dash_ag_grid as dag
import numpy as np
import plotly.graph_objects as go
import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st
from plotly.io.json import to_json_plotly

from dashboard.components.lightening import light
from dashboard.serving.encoding import encoded


class Mark(StrEnum):
    GOOD = "good"


def written(tree: Any) -> str:
    """Return what Dash makes of an answer with this in it."""
    return str(to_json_plotly({"response": {"page": {"children": tree}}}))


FIGURE = go.Figure(
    [
        go.Scatter(
            x=np.arange(300),
            y=np.linspace(0.0, 1.0, 300),
            customdata=np.array(["a" * 12, "<b>"]),
            marker={"symbol": ["circle", "x"], "size": 6},
        ),
        go.Scatter(x=[1, None, 2], y=np.array([1.5, np.nan, np.inf])),
    ],
    {"xaxis": {"range": [0, 1], "tickvals": np.array([1, 2])}, "height": 300},
)
GRID = dag.AgGrid(
    id="g", rowData=[{"id": "1", "v": float("nan"), "n": np.float64(1.5)}], columnDefs=[{"a": 1}]
)


@pytest.mark.parametrize(
    "tree",
    [
        None,
        "text </script> \u2028",
        html.Div(
            [html.P("one", **{"aria-label": "x", "data-n": 1}), None, 3, [dcc.Link("go", href="/a?b=c&d")]]
        ),
        dcc.Graph(id="g", figure=FIGURE, style={"height": "30px"}),
        GRID,
        html.Div(Mark.GOOD, id={"type": "t", "key": "a|b"}),
        (html.B("of"), html.I("two")),
    ],
)
def test_a_page_is_written_as_dash_writes_it(tree: Any) -> None:
    assert written(encoded(tree)) == written(tree)
    assert written(encoded(light(tree))) == written(light(tree))


NUMBERS = st.lists(st.floats(allow_nan=True, allow_infinity=True) | st.integers(-(2**53), 2**53), max_size=20)


@given(NUMBERS, st.lists(st.text(max_size=20), max_size=5), st.integers(1, 3))
def test_any_numbers_and_texts_of_a_figure_are_written_as_dash_writes_them(
    numbers: list[float], texts: list[str], step: int
) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    column = np.array(numbers, dtype=float)[::step]
    figure = go.Figure(
        [{"type": "scatter", "x": column, "y": numbers, "text": np.array(texts, dtype=np.str_)}]
    )
    tree = html.Div([dcc.Graph(figure=figure), *texts], title="".join(texts))
    assert written(encoded(tree)) == written(tree)


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(TypeError):
        encoded(html.Div(object()))
