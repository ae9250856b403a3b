"""How badly a level, or a straight line, fits a stretch of a series."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pagewalk.analysis.changepoints.method import Series

Index = npt.NDArray[np.intp]

SHORTEST_SLOPE = 6
"""Values below which a slope is not told from two noisy ends."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """Parts [start, stop) of a series, and what of their fits follows from their places alone.

    Args:
        start, stop: broadcast against each other; all others have the shape of both together.
        length: in values, at least 1.
        middle: the mean place.
        spread: the sum of squared distances of places from `middle`; infinite where a line is too short.
    """

    start: Index
    stop: Index
    length: Series
    middle: Series
    spread: Series

    @classmethod
    def between(cls, start: Index, stop: Index) -> "Stretches":
        length = np.maximum(stop - start, 1).astype(np.float64)
        spread = length * (length * length - 1) / 12
        spread = np.where(length >= SHORTEST_SLOPE, spread, np.inf)
        return cls(start, stop, length, (start + stop - 1) / 2, spread)


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

    def errors(self, parts: Stretches) -> tuple[Series, Series]:
        """Return the squared errors of the best level and of the best line over each stretch.

        Below SHORTEST_SLOPE values a line is no better than a level.
        """
        total, moment, square = (
            sums.take(parts.stop) - sums.take(parts.start)
            for sums in (self.values, self.moments, self.squares)
        )
        level = square - total * total / parts.length
        lean = moment - parts.middle * total
        return np.maximum(level, 0.0), np.maximum(level - lean * lean / parts.spread, 0.0)


@dataclass(frozen=True, slots=True)
class Prices:
    """What a change and a slope have to earn, in squared noise."""

    change: float
    slope: float

    def cost(self, sums: Sums, parts: Stretches) -> Series:
        """Return the price of each stretch with whichever of level and line comes cheaper."""
        level, line = sums.errors(parts)
        return np.minimum(level, line + self.slope) + self.change

    def slopes(self, sums: Sums, start: int, stop: int) -> bool:
        """Tell whether a line pays over [start, stop)."""
        level, line = sums.errors(Stretches.between(np.array(start), np.array(stop)))
        return bool(line + self.slope < level)
