"""Bayesian online change point detection."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from pagewalk.analysis.changepoints.method import Series
from pagewalk.analysis.changepoints.noise import GAUSSIAN_MAD


@dataclass(frozen=True, slots=True)
class _Beliefs:
    """A normal-gamma posterior per run length; each has shape (runs,)."""

    mean: Series
    weight: Series
    shape: Series
    rate: Series

    @classmethod
    def prior(cls) -> "_Beliefs":
        return cls(np.zeros(1), np.full(1, 0.1), np.ones(1), np.ones(1))

    def log_predictive(self, value: float) -> Series:
        """Return the log density of the next value: Student's t of each run length."""
        freedom = 2 * self.shape
        spread = self.rate * (self.weight + 1) / (self.shape * self.weight)
        scaled = (value - self.mean) ** 2 / (freedom * spread)
        density: Series = (
            gammaln((freedom + 1) / 2)
            - gammaln(freedom / 2)
            - 0.5 * np.log(np.pi * freedom * spread)
            - (freedom + 1) / 2 * np.log1p(scaled)
        )
        return density

    def update(self, value: float) -> "_Beliefs":
        """Return the beliefs after `value`, those of a new run first."""
        start = _Beliefs.prior()
        moved = self.weight * (value - self.mean) ** 2 / (2 * (self.weight + 1))
        return _Beliefs(
            np.concatenate((start.mean, (self.weight * self.mean + value) / (self.weight + 1))),
            np.concatenate((start.weight, self.weight + 1)),
            np.concatenate((start.shape, self.shape + 0.5)),
            np.concatenate((start.rate, self.rate + moved)),
        )


@dataclass(frozen=True, slots=True)
class BayesianOnline:
    """The most probable history of run lengths of normal values with unknown level and noise.

    Args:
        expected: mean length of a segment, in values.

    Source: Adams & MacKay 2007, the maximum taken over histories instead of the sum.
    """

    expected: float = 100.0

    @property
    def name(self) -> str:
        return "Bayesian online"

    def find(self, series: Series) -> list[int]:
        if series.size < 2:
            return []
        middle = np.median(series)
        scale = float(np.median(np.abs(series - middle))) / GAUSSIAN_MAD or float(series.std())
        return self._history((series - middle) / scale) if scale else []

    def _history(self, scaled: Series) -> list[int]:
        change, stay = np.log(1 / self.expected), np.log1p(-1 / self.expected)
        beliefs, likelihood = _Beliefs.prior(), np.zeros(1)
        before: list[int] = []
        for value in scaled.tolist():
            grown = likelihood + beliefs.log_predictive(value)
            before.append(int(grown.argmax()))
            likelihood = np.concatenate(([grown.max() + change], grown + stay))
            beliefs = beliefs.update(value)
        return _unwind(before, int(likelihood.argmax()))


def _unwind(before: list[int], run: int) -> list[int]:
    """Return where runs begin, from the last run's length and the best run that ended at each value.

    Args:
        before: at index t, how many values the best run that ends with value t had before it.
    """
    starts = []
    start = len(before) - run
    while start > 0:
        if start < len(before):
            starts.append(start)
        start -= before[start - 1] + 1
    return starts[::-1]
