"""How likely executions are at a commit before the step and at one after it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Log-likelihood of N executions on grids of what is unknown.

    A side's level (or rate) takes A values, what both sides share (the noise) takes K.

    Args:
        places: shape (N,), where each execution was.
        good: shape (N, A, K), of an execution before the step.
        bad: shape (N, A, K), of one after it.
        same: shape (N, A, K), of one where there is no step at all.
        shared: shape (K,), log prior of what both sides share.
    """

    places: NDArray[np.int64]
    good: Array
    bad: Array
    same: Array
    shared: Array

    def no_step(self) -> float:
        """Return the log evidence that good and bad are alike."""
        return self._evidence(self.same.sum(axis=0))

    def steps(self) -> tuple[NDArray[np.int64], Array]:
        """Return the places measured, shape (X,), and the log evidence for a step at each, shape (X,).

        Entry j speaks of a first bad commit after place j − 1 and not after place j; entry 0 means
        nothing, as the first place is good.
        """
        places, where = np.unique(self.places, return_inverse=True)
        order = np.argsort(where, kind="stable")
        starts = np.searchsorted(where[order], np.arange(len(places)))
        # np.add.at would take ten times as long
        good, bad = (np.add.reduceat(side[order], starts, axis=0) for side in (self.good, self.bad))
        before = np.cumsum(good, axis=0) - good
        after = np.cumsum(bad[::-1], axis=0)[::-1]
        levels = _mean(before) + _mean(after)
        return places, np.asarray(logsumexp(levels + self.shared, axis=1))

    def _evidence(self, summed: Array) -> float:
        return float(logsumexp(_mean(summed) + self.shared))


def _mean(log_likelihood: Array) -> Array:
    """Average over levels, (…, A, K) → (…, K), without leaving logarithms."""
    top = log_likelihood.max(axis=-2, keepdims=True)
    return np.asarray(np.log(np.mean(np.exp(log_likelihood - top), axis=-2)) + top[..., 0, :])
