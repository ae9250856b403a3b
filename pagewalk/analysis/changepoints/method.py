"""What every way of finding change points has in common."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Series = npt.NDArray[np.float64]


class Method(Protocol):
    """One way of finding change points, at one fixed setting."""

    @property
    def name(self) -> str: ...

    def find(self, series: Series) -> list[int]:
        """Return where new segments begin, ascending, without 0.

        Args:
            series: shape (n,), n ≥ 0, in order of time, every value finite.
        """
        ...


def finite(values: Sequence[float] | Series) -> tuple[Series, npt.NDArray[np.intp]]:
    """Return the finite values, and the index each of them had. NaN and ±infinity are missing.

    Raises:
        ValueError: `values` has not exactly one dimension.
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1:
        raise ValueError(f"a series has one dimension, this has shape {series.shape}: pass one series a call")
    kept = np.flatnonzero(np.isfinite(series))
    return series[kept], kept


def apply(method: Method, values: Sequence[float] | Series) -> list[int]:
    """Run `method` on what is finite in `values` and return indices into `values`."""
    series, kept = finite(values)
    return [int(kept[start]) for start in method.find(series)]
