"""A figure of words that plotly need not try.

It tries every word of a figure each time one is made, which takes longer than all else of a page. Ours are
the same every time: the tests have plotly try them.
"""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

Trace = dict[str, Any]
"""What is drawn, or an axis, by plotly's names. Numbers are arrays, texts are lists."""


class Picture(go.Figure):  # type: ignore[misc]
    """What `dcc.Graph` draws.

    Args:
        data: each by the names of one of plotly's types of traces.
        layout: by the names of plotly's layout; without a template.
    """

    def __init__(self, data: Sequence[Trace], layout: Trace) -> None:
        super().__init__(data=list(data), layout={"template": {}, **layout}, _validate=False)
