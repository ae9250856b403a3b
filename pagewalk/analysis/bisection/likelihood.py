"""How likely executions are at a commit before the step and at one after it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """What is known of executions on one side of the step, or of all where there is none.

    Args:
        levels: shape (A,), a grid of what the side's level (or rate) may be.
        density: shape (N, A, K), log-likelihood of each execution, were it on this side.
        noise: shape (A, K) or one that spreads to it: variance of an execution around its level.
    """

    levels: Array
    density: Array
    noise: Array


@dataclass(frozen=True, slots=True)
class Predicted:
    """The next execution on one side, for a step at each of X places: mean and variance, shape (X,)."""

    mean: Array
    variance: Array


@dataclass(frozen=True, slots=True)
class Steps:
    """What is known of a step at each measured place.

    Entry j speaks of a first bad commit after place j − 1 and not after place j; entry 0 means
    nothing, as the first place is good.

    Args:
        places: shape (X,), those measured, rising.
        evidence: shape (X,), its logarithm.
    """

    places: NDArray[np.int64]
    evidence: Array
    good: Predicted
    bad: Predicted


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Log-likelihood of N executions on grids of what is unknown: levels, and what both sides share.

    Args:
        places: shape (N,), where each execution was.
        good: executions before the step, A levels.
        bad: after it, B levels.
        same: where there is no step at all, C levels.
        pairs: shape (A, B, K), prior of both levels given what is shared.
        alike: prior of each of the C levels where there is no step.
        shared: shape (K,), log prior of what both sides share (the noise).
    """

    places: NDArray[np.int64]
    good: Side
    bad: Side
    same: Side
    pairs: Array
    alike: float
    shared: Array

    def no_step(self) -> float:
        """Return the log evidence that good and bad are alike."""
        summed = logsumexp(self.same.density.sum(axis=0), axis=0) + np.log(self.alike)
        return float(logsumexp(summed + self.shared))

    def steps(self) -> Steps:
        """Return the evidence for a step at each measured place, and the levels that it goes with."""
        places, where = np.unique(self.places, return_inverse=True)
        order = np.argsort(where, kind="stable")
        starts = np.searchsorted(where[order], np.arange(len(places)))
        # np.add.at would take ten times as long
        good, bad = (np.add.reduceat(s.density[order], starts, axis=0) for s in (self.good, self.bad))
        before, top_before = _scaled(np.cumsum(good, axis=0) - good)
        after, top_after = _scaled(np.cumsum(bad[::-1], axis=0)[::-1])
        pairs = self.pairs.transpose(2, 0, 1)
        good_joint = before * (after @ pairs.transpose(0, 2, 1))
        bad_joint = after * (before @ pairs)
        summed = np.log(np.maximum(good_joint.sum(axis=2), np.finfo(np.float64).tiny))
        log_shared = (summed + top_before + top_after).T + self.shared
        evidence = np.asarray(logsumexp(log_shared, axis=1))
        weights = np.exp(log_shared - evidence[:, None]).T
        sides = ((self.good, good_joint), (self.bad, bad_joint))
        return Steps(places, evidence, *(_predicted(side, joint, weights) for side, joint in sides))


def _scaled(log_likelihood: Array) -> tuple[Array, Array]:
    """Return exp of (X, A, K) as (K, X, A) with 1 as the largest over A, and the logarithms taken off."""
    turned = log_likelihood.transpose(2, 0, 1)
    top = turned.max(axis=2)
    return np.exp(turned - top[:, :, None]), top


def _predicted(side: Side, joint: Array, weights: Array) -> Predicted:
    """Average over levels and noise: `joint` (K, X, A) is the weight of levels, `weights` (K, X) of noise."""
    whole = np.maximum(joint.sum(axis=2), np.finfo(np.float64).tiny)
    share = joint * (weights / whole)[:, :, None]
    by_level = share.sum(axis=0)
    mean = by_level @ side.levels
    noise = np.broadcast_to(side.noise, (len(side.levels), share.shape[0]))
    spread = np.einsum("kxa,ak->x", share, noise)
    around = (by_level * (side.levels - mean[:, None]) ** 2).sum(axis=1)
    return Predicted(mean, spread + around)
