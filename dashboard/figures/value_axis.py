"""The axis of values of one panel, the same for all lines in it: where it reaches, and what its ticks say."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.data.lines import RELATIVE, Line
from dashboard.figures.theme import GRID
from dashboard.figures.ticks import round_ticks, tick_texts
from pagewalk.units import times

_APART = 30.0
"""Lines whose middles are so many times apart lie flat on one another unless the axis is logarithmic."""
_LANE = 0.14
_MARGIN = 0.08
"""Shares of the axis."""
_MOST_POWERS = 4


def range_of(lines: Sequence[Line]) -> tuple[float, float]:
    """Return the least and greatest value of a panel; 0 and 1 where there is none."""
    finite = np.concatenate([_finite(line) for line in lines]) if lines else np.array([])
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)


def is_logarithmic(lines: Sequence[Line]) -> bool:
    """Return whether a panel's lines can all be seen only on a logarithmic axis, and can be drawn on one."""
    middles = [float(np.median(values)) for values in map(_finite, lines) if len(values)]
    return len(middles) > 1 and range_of(lines)[0] > 0 and max(middles) / min(middles) >= _APART


def lane_of(lines: Sequence[Line]) -> float:
    """Return the height at which stands what ended without a value: below all values of a panel."""
    low, high = range_of(lines)
    if is_logarithmic(lines):
        return float(low * (low / high) ** _LANE)
    return low - _LANE * _extent(low, high)


def value_axis(lines: Sequence[Line]) -> dict[str, Any]:
    """Return the axis as plotly takes it; nobody zooms it, for it fits what is shown."""
    low, high = range_of(lines)
    bottom = lane_of(lines) if any(line.endings for line in lines) else low
    unit = lines[0].unit if lines else ""
    common = {"gridcolor": GRID, "zeroline": False, "fixedrange": True}
    if is_logarithmic(lines):
        ticks = _powers(low, high)
        ends = [math.log10(bottom), math.log10(high)]
        margin = _MARGIN * (ends[1] - ends[0])
        common["type"] = "log"
    else:
        ticks = round_ticks(low, high, unit) if low < high else [low]
        ends, margin = [bottom, high], _MARGIN * _extent(low, high)
    return {
        **common,
        "range": [ends[0] - margin, ends[1] + margin],
        "tickvals": ticks,
        "ticktext": [times(tick) for tick in ticks] if unit == RELATIVE else tick_texts(ticks, unit),
    }


def _finite(line: Line) -> NDArray[np.float64]:
    values = line.series.values[line.shown] / line.scale
    finite: NDArray[np.float64] = values[np.isfinite(values)]
    return finite


def _extent(low: float, high: float) -> float:
    return (high - low) or abs(high) or 1.0


def _powers(low: float, high: float) -> list[float]:
    """Return powers of ten within a range, or its ends where there are not two of them."""
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    step = max(1, math.ceil((last - first) / _MOST_POWERS))
    found = [10.0**power for power in range(first, last + 1, step)]
    return found if len(found) > 1 else [low, high]
