"""Bayes' rule over which commit is the first bad one."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from pagewalk.analysis.bisection.likelihood import Array, Likelihood, Predicted

NO_STEP = 0.1
"""Prior probability that good and bad are alike after all."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed after all executions.

    Args:
        no_step: probability that there is no difference between good and bad.
        first_bad: shape (n + 1,), probability of each place to be the first bad one, given that there
            is one; place 0, the good commit, has 0. Sums to 1.
        good: shape (n + 1,), the next execution at a good place, were this place the first bad one.
        bad: the same of a bad place.
    """

    no_step: float
    first_bad: Array
    good: Predicted
    bad: Predicted

    def is_bad(self) -> Array:
        """Return the probability of each place to be bad, shape (n + 1,), rising from 0 to 1."""
        return np.minimum(np.cumsum(self.first_bad), 1.0)

    def between(self, after: int, up_to: int) -> float:
        """Return the probability that there is a step, in (after, up_to]."""
        return float(self.first_bad[after + 1 : up_to + 1].sum()) * (1 - self.no_step)


def posterior(likelihood: Likelihood, last: int) -> Posterior:
    """Return the posterior, where each of the `last` candidates is as likely as another to begin with."""
    steps = likelihood.steps()
    # Candidate t lies after measured place j − 1 and not after j. Place 0 is no candidate.
    segment = np.searchsorted(steps.places, np.arange(1, last + 1))
    log_posterior = steps.evidence[segment] - np.log(last)
    total = float(logsumexp(log_posterior))
    none = likelihood.no_step() + np.log(NO_STEP)
    if not (np.isfinite(total) and np.isfinite(none)):
        # Numbers so far apart that floating point has no probability for any level of them tell nothing
        log_posterior, total, none = np.full(last, -np.log(last)), 0.0, float(np.log(NO_STEP))
    no_step = float(np.exp(none - np.logaddexp(none, total + np.log1p(-NO_STEP))))
    first_bad = np.concatenate(([0.0], np.exp(log_posterior - total)))
    everywhere = np.concatenate((segment[:1], segment))
    sides = (Predicted(s.mean[everywhere], s.variance[everywhere]) for s in (steps.good, steps.bad))
    return Posterior(no_step, first_bad, *sides)
