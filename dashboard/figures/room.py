"""The room that words take in a figure. Left to find it out by itself, plotly draws everything several times.

Widths are those of DejaVu Sans, the widest of the fonts of `theme.FONT`: in others a little is left over.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

LEGEND_ROW = 19
"""Pixels of a row of a legend."""

_NARROW = frozenset("iljtfrI.,:;|!'()[]/ ")
_WIDE = frozenset("mwMW@%…→×")
_SYMBOL = 46
"""Pixels of an entry of a legend beside its words."""
_USUAL = 760
"""Pixels a figure is reckoned to have for a legend; where there are fewer, the legend scrolls."""


def width_of(text: str) -> int:
    """Return how many pixels a line of text takes, at 12 pixels a letter's height."""
    return math.ceil(sum(4.6 if c in _NARROW else 12 if c in _WIDE else 7.6 for c in text))


def widest(lines: Iterable[str]) -> int:
    """Return how many pixels the widest of some lines takes; 0 without any."""
    return max(map(width_of, lines), default=0)


def legend_height(names: Sequence[str]) -> int:
    """Return how many pixels a legend below a figure takes; plotly sets its entries in equal columns."""
    columns = max(1, _USUAL // (widest(names) + _SYMBOL))
    return LEGEND_ROW * math.ceil(len(names) / columns) + 6


def legend_below(height: int) -> dict[str, Any]:
    """Return the layout of a legend of so many pixels at the bottom of a figure; of more, it scrolls."""
    place = {"yref": "container", "y": 0, "yanchor": "bottom", "xref": "container", "x": 0}
    return {"orientation": "h", **place, "maxheight": max(height, 2 * LEGEND_ROW)}
