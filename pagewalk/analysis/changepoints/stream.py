"""Series of any length, and series that grow."""

from collections.abc import Sequence

import numpy as np

from pagewalk.analysis.changepoints.method import Method, Series, finite
from pagewalk.analysis.changepoints.robust import Robust

WINDOW = 1024
HOP = 512
"""A series is looked at through windows of WINDOW values that begin every HOP values. A window
answers for its middle; so everything has at least HOP / 2 values of context on both sides, and
what a window in the past has said, new values cannot change."""

SAME = 16
"""Two windows that see a change this close to each other see the same one."""


def _join(settled: list[int], found: list[int], low: int, high: int) -> list[int]:
    """Return `settled` and those of `found` that lie in [low, high) and are new."""
    last = settled[-1] if settled else low - SAME
    return settled + [at for at in found if max(low - SAME, last + SAME) <= at < high]


class Stream:
    """Change points of a series that grows by one value at a time.

    An append looks at the last window only: its cost does not depend on the length so far.

    >>> stream = Stream([1.0, 1.1, 0.9, 1.0] * 10)
    >>> for value in [3.0, 3.1, 2.9, 3.0]:
    ...     stream.append(value)
    >>> stream.changes
    [40]
    """

    def __init__(self, values: Sequence[float] | Series = (), method: Method | None = None) -> None:
        """Start with `values`; NaN and ±infinity are missing, and keep their index."""
        series, kept = finite(values)
        self._method = method or Robust()
        self._length = len(values)
        self._start = 0
        self._settled: list[int] = []
        self._window: list[float] = series.tolist()
        self._indices: list[int] = kept.tolist()
        self._found: list[int] | None = None
        while len(self._window) > WINDOW:
            self._slide()

    def append(self, value: float) -> None:
        """Add the next value."""
        self._length += 1
        if not np.isfinite(value):
            return
        if len(self._window) == WINDOW:
            self._slide()
        self._window.append(float(value))
        self._indices.append(self._length - 1)
        self._found = None

    @property
    def changes(self) -> list[int]:
        """Indices of the first value of each new segment, ascending."""
        starts = self._up_to(len(self._window))
        return [self._indices[at] for at in starts]

    def _up_to(self, end: int) -> list[int]:
        """Return the settled changes, and those the first WINDOW values show before `end`."""
        if self._found is None:
            self._found = self._method.find(np.array(self._window[:WINDOW]))
        low = self._start + HOP // 2 if self._start else 0
        return _join(self._settled, [self._start + at for at in self._found], low, self._start + end)

    def _slide(self) -> None:
        self._settled = self._up_to(WINDOW - HOP // 2)
        self._window = self._window[HOP:]
        self._start += HOP
        self._found = None


def detect(values: Sequence[float] | Series) -> list[int]:
    """Return where a series changes for good: the index of the first value of each new segment.

    Args:
        values: shape (n,), in order of time, any unit. NaN and ±infinity are missing values:
            they are passed over and never are a change themselves.

    Returns:
        ascending indices into `values`, without 0; empty where nothing is shown to change.

    Raises:
        ValueError: `values` has not exactly one dimension.
    """
    return Stream(values).changes
