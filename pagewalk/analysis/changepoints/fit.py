"""How badly a level, or a straight line, fits a stretch of a series."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pagewalk.analysis.changepoints.method import Series

Index = npt.NDArray[np.intp]

SHORTEST_SLOPE = 6
"""Values below which a slope is not told from two noisy ends."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Running sums from which the fit of any stretch follows at once; each has shape (n + 1,)."""

    values: Series
    moments: Series
    squares: Series

    @classmethod
    def of(cls, series: Series) -> "Sums":
        def running(terms: Series) -> Series:
            return np.concatenate(([0.0], np.cumsum(terms)))

        return cls(running(series), running(series * np.arange(series.size)), running(series**2))

    def errors(self, start: Index, stop: Index) -> tuple[Series, Series]:
        """Return the squared errors of the best level and of the best line over [start, stop).

        `start` and `stop` broadcast. Below SHORTEST_SLOPE values a line is no better than a level.
        """
        length = np.maximum(stop - start, 1).astype(np.float64)
        total = self.values[stop] - self.values[start]
        level = self.squares[stop] - self.squares[start] - total * total / length
        lean = self.moments[stop] - self.moments[start] - (start + stop - 1) / 2 * total
        spread = length * (length * length - 1) / 12
        spread = np.where(length >= SHORTEST_SLOPE, spread, np.inf)
        return np.maximum(level, 0.0), np.maximum(level - lean * lean / spread, 0.0)


@dataclass(frozen=True, slots=True)
class Prices:
    """What a change and a slope have to earn, in squared noise."""

    change: float
    slope: float

    def cost(self, sums: Sums, start: Index, stop: Index) -> Series:
        """Return the price of the stretch with whichever of level and line comes cheaper."""
        level, line = sums.errors(start, stop)
        return np.minimum(level, line + self.slope) + self.change

    def slopes(self, sums: Sums, start: int, stop: int) -> bool:
        """Tell whether a line pays over [start, stop)."""
        level, line = sums.errors(np.array(start), np.array(stop))
        return bool(line + self.slope < level)
