"""The room that words take in a figure. Left to find it out by itself, plotly draws everything several times.

Widths are those of DejaVu Sans, the widest of the fonts of `theme.FONT`: in others a little is left over.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

LEGEND_ROW = 19
"""Pixels of a row of a legend."""

_NARROW = frozenset("iljtfrI.,:;|!'()[]/ ")
_WIDE = frozenset("mwMW@%…→×")
_SYMBOL = 46
"""Pixels of an entry of a legend beside its words."""
_USUAL, _NARROW_FIGURE = 760, 340
"""Pixels a figure has for a legend, usually and on a telephone."""
_SPARED = 4
"""Rows that a telephone may need and that are spared for it; a longer legend scrolls there."""

_AXIS, _GAP = 200, 6
"""Pixels from the first to the last tick on a telephone, and those between the names of two ticks."""


def width_of(text: str) -> int:
    """Return how many pixels a line of text takes, at 12 pixels a letter's height."""
    return math.ceil(sum(4.6 if c in _NARROW else 12 if c in _WIDE else 7.6 for c in text))


def widest(lines: Iterable[str]) -> int:
    """Return how many pixels the widest of some lines takes; 0 without any."""
    return max(map(width_of, lines), default=0)


def apart(names: Sequence[str], places: ArrayLike) -> list[str]:
    """Return the names of ticks, empty where one would run into its neighbour on the left.

    Args:
        places: of the ticks along the axis, ascending, in any unit.
    """
    along = np.asarray(places, dtype=float)
    along = along - along[:1]
    pixels = along * (_AXIS / along[-1]) if along.any() else along
    shown, end = [], -math.inf
    for name, middle in zip(names, pixels.tolist(), strict=True):
        half = width_of(name) / 2
        fits = middle - half > end
        shown.append(name if fits else "")
        end = middle + half + _GAP if fits else end
    return shown


def legend_height(names: Sequence[str]) -> int:
    """Return how many pixels a legend below a figure takes; plotly sets its entries in equal columns."""
    usual, narrow = (_rows(names, width) for width in (_USUAL, _NARROW_FIGURE))
    return LEGEND_ROW * (narrow if narrow <= _SPARED else usual) + 12


def _rows(names: Sequence[str], width: int) -> int:
    columns = max(1, width // (widest(names) + _SYMBOL))
    return math.ceil(len(names) / columns)


def legend_below(height: int) -> dict[str, Any]:
    """Return the layout of a legend of so many pixels at the bottom of a figure; of more, it scrolls."""
    place = {"yref": "container", "y": 0, "yanchor": "bottom", "xref": "container", "x": 0}
    # Every entry is a group of its own, and a gap between groups would be one between rows
    rows = {"tracegroupgap": 0, "maxheight": max(height, 2 * LEGEND_ROW)}
    return {"orientation": "h", **place, **rows}
