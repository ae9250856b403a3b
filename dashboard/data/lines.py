"""One series as a page shows it: a stretch of commits, its levels, in units or relative to the first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from pagewalk.index.answering.model import Params, Series, SeriesKey
from pagewalk.index.states import ABSENT, OK
from pagewalk.reports.wording import printable

RELATIVE = "× first level"
"""Stands where a unit stands, where values are normalised."""
_POSITION = attrgetter("position")


@dataclass(frozen=True, slots=True)
class Level:
    """A stretch in which a series does not change for good.

    Args:
        start, end: half-open, indices into the series' revisions.
        value: the median, in the series' unit.
    """

    start: int
    end: int
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A series as it is drawn.

    Args:
        label: what tells it from other lines of its panel.
        panel: the small multiple it belongs to.
        levels: of the whole series, oldest first.
        scale: what values are divided by: 1, or the first level where they are normalised.
        window: half-open, positions of revisions that are shown.
        positions: of all revisions of the series.
        shown: indices of the revisions that lie in the window.
        endings: indices in the window where somebody tried and there is no value.
    """

    label: str
    panel: str
    series: Series
    levels: tuple[Level, ...]
    scale: float
    window: tuple[int, int]
    positions: NDArray[np.int64] = field(init=False)
    shown: NDArray[np.intp] = field(init=False)
    endings: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        low, high = self.window
        series = self.series
        positions = np.fromiter(map(_POSITION, series.revisions), np.int64, len(series.revisions))
        shown = np.flatnonzero((low <= positions) & (positions < high))
        # A picture asks for them again and again, and each time they are thousands
        object.__setattr__(self, "positions", positions)
        object.__setattr__(self, "shown", shown)
        endings = tuple(at for at in shown.tolist() if series.states[at] not in (OK, ABSENT))
        object.__setattr__(self, "endings", endings)

    @property
    def unit(self) -> str:
        return self.series.unit if self.scale == 1.0 else RELATIVE


def by_panel(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the lines of each small multiple, both in the order of the lines."""
    panels: dict[str, list[Line]] = {}
    for line in lines:
        panels.setdefault(line.panel, []).append(line)
    return panels


def levels_of(series: Series, starts: Sequence[int]) -> tuple[Level, ...]:
    """Return the levels that change point detection sees, each with its median.

    Args:
        starts: where all but the first begin.
    """
    if not np.isfinite(series.values).any():
        return ()
    edges = [0, *starts, len(series.values)]
    medians = [_median(series.values[a:b]) for a, b in pairwise(edges)]
    return tuple(Level(a, b, m) for (a, b), m in zip(pairwise(edges), medians, strict=True))


def _median(values: NDArray[np.float64]) -> float:
    # What numpy's nanmedian says, in a third of its time
    return float(np.median(values[~np.isnan(values)]))


def scale_of(levels: tuple[Level, ...]) -> float:
    """Return what a series is divided by to begin at 1; 1 where that cannot be."""
    return levels[0].value if levels and levels[0].value else 1.0


def params_text(key: SeriesKey) -> str:
    """Return "elements=4096, kind=hit"; empty for a benchmark without parameters."""
    return case_params_text(key.params)


def case_params_text(params: Params) -> str:
    """Return the same for the parameters of a case."""
    return printable(", ".join(f"{name}={value.strip(chr(39))}" for name, value in params))
