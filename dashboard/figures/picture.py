"""A figure as plotly.js reads it.

plotly's own objects try every word of a figure each time one is made, which takes longer than all else of a
page. Our words are the same every time: the tests have plotly try them.
"""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Trace = dict[str, Any]
"""What is drawn, or an axis, by plotly's names. Numbers are arrays, texts are lists."""


class Picture:
    """What `dcc.Graph` draws.

    Args:
        data: each by the names of one of plotly's types of traces.
        layout: by the names of plotly's layout.
    """

    def __init__(self, data: Sequence[Trace], layout: Trace) -> None:
        self.data = data
        self.layout = layout

    def to_plotly_json(self) -> dict[str, Any]:
        """Return the same in words of JSON, numbers as their bytes: they are written and read sooner."""
        return {"data": [_plain(trace) for trace in self.data], "layout": self.layout}


def _plain(trace: Trace) -> dict[str, Any]:
    return {name: _worded(value) for name, value in trace.items()}


def _worded(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _bytes(value)
    return _plain(value) if isinstance(value, dict) else value


def _bytes(numbers: NDArray[Any]) -> Any:
    """Whole numbers in as few bytes as hold them, all others in eight."""
    if not numbers.size:
        return []
    kind = np.dtype(np.float64)
    if np.issubdtype(numbers.dtype, np.integer):
        kind = np.result_type(*map(np.min_scalar_type, (numbers.min(), numbers.max())))
        if kind.itemsize == 8:
            return numbers.tolist()  # of these plotly.js has no arrays
    column = np.ascontiguousarray(numbers, kind.newbyteorder("<"))
    return {
        "dtype": f"{kind.kind}{kind.itemsize}",
        "bdata": base64.b64encode(column.tobytes()).decode("ascii"),
    }
