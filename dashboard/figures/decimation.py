"""Fewer points that draw the same line: the least and the greatest of every stretch of a pixel or two.

Source: Jugel, Jerzak, Hackenbroich and Markl, "M4: A Visualization-Oriented Time Series Data Aggregation",
VLDB 2014. Extremes are what the eye finds in a long series, so none may be lost.
"""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def extremes(values: NDArray[np.float64], stretches: int) -> Indices:
    """Return where the least and the greatest value of every stretch lie, the first and last value too.

    Args:
        values: shape (n,); NaN is never returned.
        stretches: into how many equal stretches the values are cut, at least 1.

    Returns:
        ascending indices into `values`, at most 2 · `stretches` + 2; all that are there if these are fewer.
    """
    there = np.flatnonzero(~np.isnan(values))
    if len(there) <= 2 * stretches:
        return there
    width = -(-len(there) // stretches)
    padded = np.full(stretches * width, np.nan)
    padded[: len(there)] = values[there]
    rows = padded.reshape(stretches, width)
    full = np.flatnonzero(~np.isnan(rows[:, 0]))
    starts = full * width
    low = starts + np.argmin(np.where(np.isnan(rows[full]), np.inf, rows[full]), axis=1)
    high = starts + np.argmax(np.where(np.isnan(rows[full]), -np.inf, rows[full]), axis=1)
    kept: Indices = there[np.unique(np.concatenate([[0], low, high, [len(there) - 1]]))]
    return kept


def thinned(indices: Indices, most: int) -> Indices:
    """Return at most `most` of some indices, evenly spread, the first and last among them."""
    if len(indices) <= most:
        return indices
    return indices[np.unique(np.linspace(0, len(indices) - 1, most).astype(np.intp))]
