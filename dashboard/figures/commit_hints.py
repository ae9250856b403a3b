"""What points of commits say when a person comes near, and which commit opens."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.data.lines import Line
from dashboard.figures.theme import safe
from dashboard.looks.wording import revision_line
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.units import quantity

LONGEST = 60
"""Letters of a line's name in legends and hints."""

Trace = dict[str, Any]
"""What `plotly.graph_objects.Scatter` takes."""


class Commits:
    """What is said of commits, once for all lines that pass them."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}

    def line(self, revision: IndexedRevision) -> str:
        """Return what a person knows a commit by, fit for plotly."""
        known = self._lines.get(revision.commit)
        if known is None:
            known = self._lines[revision.commit] = safe(revision_line(revision), 90)
        return known


def texts_of(texts: Iterable[str]) -> NDArray[np.str_]:
    """Plotly takes an array as it is; of a list it looks at every entry, several times."""
    return np.array(list(texts), dtype=np.str_)


def identity_of(revision: IndexedRevision) -> str:
    return revision.commit[:12]


def hint_of(line: Line, at: int, commits: Commits) -> str:
    series, unit = line.series, line.series.unit
    # Thousands of them: numbers of numpy take three times as long to test and to write
    value, low, high = float(series.values[at]), float(series.low[at]), float(series.high[at])
    said = commits.line(series.revisions[at])
    if not math.isfinite(value):
        return said
    known = math.isfinite(low) and math.isfinite(high)
    extent = f" ({quantity(low, unit)} … {quantity(high, unit)})" if known else ""
    return f"{said}<br>{quantity(value, unit)}{extent}"
