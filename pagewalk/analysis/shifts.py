"""Estimated differences of many rows in columns: what `hodges_lehmann.Shift` is of one."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.hodges_lehmann import Shift
from pagewalk.analysis.null_distribution import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """Estimates and the ends of their intervals, (rows,) each."""

    estimate: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, shifts: Iterable[Shift]) -> "Shifts":
        """Put single ones together."""
        columns = np.array([(one.estimate, one.low, one.high) for one in shifts], dtype=float)
        return cls(*columns.reshape(-1, 3).T)

    def as_ratio(self) -> "Shifts":
        """Return the exponentials of shifts of logarithms: ratios."""
        with np.errstate(over="ignore"):
            return Shifts(np.exp(self.estimate), np.exp(self.low), np.exp(self.high))
