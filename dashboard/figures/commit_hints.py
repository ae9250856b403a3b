"""What points of commits say when a person comes near, and which commit opens."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dashboard.data.lines import Line
from dashboard.figures.theme import safe
from dashboard.looks.wording import revision_line
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.units import MISSING, quantities

LONGEST = 60
"""Letters of a line's name in legends and hints."""


@lru_cache(maxsize=20_000)
def _known_by(revision: IndexedRevision) -> str:
    """Return what a person knows a commit by, fit for plotly."""
    # Kept, since all lines of all benchmarks pass the same commits
    return safe(revision_line(revision), 90)


def identity_of(revision: IndexedRevision) -> str:
    return revision.commit[:12]


def hints_of(line: Line, places: Sequence[int]) -> list[str]:
    """Return what points of a line say: commit, and value and interval as far as there are any.

    Args:
        places: indices into the series' revisions.
    """
    series = line.series
    said = [_known_by(series.revisions[at]) for at in places]
    texts = (_texts(side, places, series.unit) for side in (series.values, series.low, series.high))
    return [_hint(*one) for one in zip(said, *texts, strict=True)]


def _texts(side: NDArray[np.float64], places: Sequence[int], unit: str) -> list[str]:
    values = side[list(places)]
    return quantities(np.where(np.isfinite(values), values, np.nan).tolist(), unit)


def _hint(said: str, value: str, low: str, high: str) -> str:
    if value == MISSING:
        return said
    if MISSING in (low, high):
        return f"{said}<br>{value}"
    return f"{said}<br>{value} ({low} … {high})"
