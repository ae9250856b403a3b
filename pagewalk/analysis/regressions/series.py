"""A history as it comes in: one metric of one case on one machine, a value a commit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pagewalk.model import Case, Outcome

Floats = npt.NDArray[np.float64]

LEAST = 3
"""Values that make a series: two are a pair, and `pagewalk compare` is what judges those."""


@dataclass(frozen=True, slots=True, order=True)
class SeriesName:
    """Names one series of a subject."""

    machine: str
    case: Case
    metric: str


@dataclass(frozen=True, slots=True)
class HistorySeries:
    """A series over commits, in their order.

    Args:
        values: one a commit, in the metric's base unit; NaN where there is none.
        outcomes: one a commit, None where nothing was executed; empty where nobody tells.
        less_is_better: False for what should grow.
        exact: the same commit would give the same value again, so that any difference is real.
        floor: relative change that the series shows against itself; 0.03 is 3 %.
        absolute: change in the base unit that never counts.
        missing: why values that were measured are not among `values`, one reason a value.

    Raises:
        ValueError: `outcomes` has another length than `values`.
    """

    name: SeriesName
    values: Sequence[float]
    outcomes: Sequence[Outcome | None] = ()
    less_is_better: bool = True
    exact: bool = False
    floor: float = 0.0
    absolute: float = 0.0
    missing: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.outcomes and len(self.outcomes) != len(self.values):
            raise ValueError(f"{len(self.outcomes)} outcomes for {len(self.values)} values of {self.name}")

    @property
    def long_enough(self) -> bool:
        """Whether levels are looked for in it; only such series count among those that were looked at."""
        return bool(np.isfinite(np.asarray(self.values, dtype=np.float64)).sum() >= LEAST)

    def measured(self) -> tuple[Floats, npt.NDArray[np.intp]]:
        """Return the finite values and the index each of them has among the commits."""
        values = np.asarray(self.values, dtype=np.float64)
        kept = np.flatnonzero(np.isfinite(values))
        return values[kept], kept
