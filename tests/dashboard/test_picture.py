"""Pictures lose nothing on their way to plotly.js, which reads numbers as their bytes."""

import base64
from typing import Any

import numpy as np
import orjson
import plotly.graph_objects as go
import pytest
from dash import dcc
from hypothesis import given
from hypothesis import strategies as st
from plotly.io.json import to_json_plotly
from plotly.subplots import make_subplots
from plotly_figures import tried

from dashboard.figures.panels import axes_of, panels_below
from dashboard.figures.picture import Picture
from dashboard.serving.encoding import encoded

KINDS = {"i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8"}
"""What plotly.js has arrays of (src/lib/array.js)."""


def sent(**trace: Any) -> Any:
    """Return a trace as a browser gets it."""
    tree = dcc.Graph(figure=Picture([trace], {"height": 300}))
    written = orjson.loads(orjson.dumps(encoded(tree)))
    assert written == orjson.loads(str(to_json_plotly(tree)))
    return written["props"]["figure"]["data"][0]


def read(column: Any) -> list[float]:
    """Return the numbers of a column as plotly.js reads it."""
    if isinstance(column, list):
        return column
    assert column["dtype"] in KINDS
    return np.frombuffer(base64.b64decode(column["bdata"]), f"<{column['dtype']}").tolist()


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=9))
def test_whole_numbers_come_as_they_are(numbers: list[int]) -> None:
    assert read(sent(x=np.array(numbers, dtype=np.int64))["x"]) == numbers


@given(st.lists(st.floats(allow_nan=False), max_size=9))
def test_other_numbers_keep_every_bit(numbers: list[float]) -> None:
    assert read(sent(y=np.array(numbers)[::-1])["y"]) == numbers[::-1]


def test_a_gap_stays_a_gap_and_numbers_within_others_are_written_as_well() -> None:
    trace = sent(y=np.array([1.0, np.nan]), error_y={"type": "data", "array": np.array([0.5])}, text=["a"])
    assert np.isnan(read(trace["y"])[1])
    assert (trace["error_y"]["type"], read(trace["error_y"]["array"])) == ("data", [0.5])
    assert trace["text"] == ["a"]


def test_plotly_takes_words_untried_and_gives_them_back_as_they_are() -> None:
    words = {"type": "scatter", "x": [1, 2], "no such word": "at all"}
    picture = Picture([words], {"height": 300})
    assert isinstance(picture, go.Figure)
    assert picture.to_plotly_json() == {"data": [words], "layout": {"height": 300, "template": {}}}
    with pytest.raises(ValueError, match="no such word"):
        tried(picture)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_panels_stand_where_plotly_would_lay_them(count: int) -> None:
    titles = [f"machine {n}" for n in range(count)]
    gap = 0.09 / (count - 1) if count > 1 else 0
    layout = panels_below(titles, {"tickangle": 0}, [{"zeroline": False}] * count, gap)
    laid = make_subplots(
        rows=count, cols=1, shared_xaxes=True, vertical_spacing=gap, subplot_titles=titles
    ).layout.to_plotly_json()
    for panel in range(count):
        x, y = (name.replace("x", "xaxis").replace("y", "yaxis") for name in axes_of(panel).values())
        assert layout[x] == laid[x] | {"tickangle": 0}
        assert layout[y]["domain"] == pytest.approx(laid[y]["domain"])
        assert layout[y]["anchor"] == laid[y]["anchor"]
    for ours, theirs in zip(layout["annotations"], laid["annotations"], strict=True):
        assert ours == theirs | {"y": pytest.approx(theirs["y"])}
