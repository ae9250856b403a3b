"""The default method: levels and trends under robust noise, every step confirmed by ranks."""

import math
from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.changepoints.confirmation import confirm
from pagewalk.analysis.changepoints.excursion import lasting
from pagewalk.analysis.changepoints.fit import Prices, Sums
from pagewalk.analysis.changepoints.medians import median
from pagewalk.analysis.changepoints.method import Series
from pagewalk.analysis.changepoints.noise import block_noise, despike, noise, smallest_difference
from pagewalk.analysis.changepoints.partition import partition
from pagewalk.analysis.changepoints.placement import place
from pagewalk.analysis.changepoints.relevance import relevant
from pagewalk.analysis.changepoints.scan import scan

OUTLIER = 2.0
"""Noise deviations from the median around it beyond which a value has no more pull."""

ROUNDING = 1e-12
"""Differences below this part of the largest value are rounding, not change."""

RESOLUTION = 1e-6
"""Part of the largest deviation below which running sums of squares are not exact enough."""


@dataclass(frozen=True, slots=True)
class Robust:
    """Finds steps and bends; the answer does not depend on the unit or the sign, and on the zero for
    small steps only (`relevance`).

    Args:
        change: price of a change in squared noise, times ln n.
        slope: price of a slope, likewise: less than of a change, so that a drift is not cut into
            stairs; steps that a line has swallowed are found again in the ranks.

    Both are the middle of where the benchmark is flat: docs/changepoints.md.
    """

    change: float = 3.5
    slope: float = 2.5

    @property
    def name(self) -> str:
        return "robust"

    def find(self, series: Series) -> list[int]:
        if series.size < 4:
            return []
        centred, unit = _centred(series)
        clean = despike(centred, OUTLIER * block_noise(centred, 1))
        scale = noise(clean) or smallest_difference(clean) / 4
        if scale == 0:
            return []
        scale = max(scale, RESOLUTION)
        sums = Sums.of(clean / scale)
        log = math.log(series.size)
        prices = Prices(self.change * log, self.slope * log)
        starts = partition(sums, prices)
        segments = confirm(centred, starts, lambda start, stop: prices.slopes(sums, start, stop))
        segments = [part for segment in segments for part in scan(centred, segment)]
        segments = relevant(series / 4, lasting(centred, segments), scale * unit)
        return place(centred, segments, scale)


def _centred(series: Series) -> tuple[Series, float]:
    """Return a quarter of the series around its median in units of its largest deviation, and that unit.

    A quarter, since neither sums nor differences of values near the largest float are floats.
    """
    quarter = series / 4
    deviation: Series = quarter - median(quarter)
    largest = float(np.max(np.abs(deviation)))
    if largest <= ROUNDING * float(np.max(np.abs(quarter))):
        return np.zeros_like(series), 0.0
    return deviation / largest, largest
