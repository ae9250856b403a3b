"""Numbers that differ from execution to execution: an estimate and a test.

Rows whose samples are of one shape are measured in one go: a page asks for thousands, and each step costs
as much of one as of a hundred.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pagewalk.analysis.hodges_lehmann import logarithms, paired, subtract, two_samples
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.rank_tests import mann_whitney, signed_rank
from pagewalk.analysis.shifts import Shifts

Method = Literal["Mann–Whitney", "signed-rank", "history"]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What the samples of several rows say, before all other comparisons are known.

    Args:
        ratio: head over base with its interval, of each row.
        difference: head − base in the base unit, with its interval.
        p: of the test (rows,).
        logs: of each side (rows, n); one array of differences where paired, or of strays from a history.
        sizes: samples before and after, the same in all rows.
    """

    ratio: Shifts
    difference: Shifts
    p: Floats
    logs: tuple[Floats, ...]
    sizes: tuple[int, int]
    method: Method

    @property
    def commits(self) -> int:
        """How many strays of a history stand for noise; 0 where the samples were tested themselves."""
        return int(self.logs[0].shape[-1]) if self.method == "history" else 0


def measure(base: Floats, head: Floats, alpha: float, *, pairs: bool) -> Measured:
    """Estimate and test the changes from `base` (rows, n) to `head` (rows, m), at least one value each.

    Args:
        pairs: the i-th sample of either side was taken in the same turn; n equals m.
    """
    sizes = (base.shape[-1], head.shape[-1])
    before, after = logarithms(base), logarithms(head)
    if pairs:
        turns = subtract(after, before)
        ratio = Shifts.of(paired(row, alpha) for row in turns).as_ratio()
        difference = Shifts.of(paired(row, alpha) for row in head - base)
        p = np.array([signed_rank(row) for row in turns])
        return Measured(ratio, difference, p, (turns,), sizes, "signed-rank")
    if sizes == (1, 1):
        ratio, difference = _one_each(before, after).as_ratio(), _one_each(base, head)
        return Measured(ratio, difference, np.ones(len(base)), (before, after), sizes, "Mann–Whitney")
    ratio = Shifts.of(two_samples(*sides, alpha) for sides in zip(before, after, strict=True)).as_ratio()
    difference = Shifts.of(two_samples(*sides, alpha) for sides in zip(base, head, strict=True))
    p = np.array([mann_whitney(*sides) for sides in zip(base, head, strict=True)])
    return Measured(ratio, difference, p, (before, after), sizes, "Mann–Whitney")


def _one_each(base: Floats, head: Floats) -> Shifts:
    """Return what `two_samples` does of one value a side: their difference, and nothing of its interval."""
    estimate = subtract(head, base)[:, 0]
    nothing = np.full(estimate.shape, np.inf)
    return Shifts(estimate, -nothing, nothing)
