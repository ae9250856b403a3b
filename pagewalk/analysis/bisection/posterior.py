"""Bayes' rule over which commit is the first bad one."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from pagewalk.analysis.bisection.likelihood import Array, Likelihood

NO_STEP = 0.1
"""Prior probability that good and bad are alike after all."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed after all executions.

    Args:
        no_step: probability that there is no difference between good and bad.
        first_bad: shape (n + 1,), probability of each place to be the first bad one, given that there
            is one; place 0, the good commit, has 0. Sums to 1.
    """

    no_step: float
    first_bad: Array

    def is_bad(self) -> Array:
        """Return the probability of each place to be bad, shape (n + 1,), rising from 0 to 1."""
        return np.minimum(np.cumsum(self.first_bad), 1.0)

    def between(self, after: int, up_to: int) -> float:
        """Return the probability that there is a step, in (after, up_to]."""
        return float(self.first_bad[after + 1 : up_to + 1].sum()) * (1 - self.no_step)


def posterior(likelihood: Likelihood, last: int) -> Posterior:
    """Return the posterior, where each of the `last` candidates is as likely as another to begin with."""
    measured, evidence = likelihood.steps()
    # Candidate t lies after measured place j − 1 and not after j.
    segment = np.searchsorted(measured, np.arange(1, last + 1))
    log_posterior = evidence[segment] - np.log(last)
    total = float(logsumexp(log_posterior))
    none = likelihood.no_step() + np.log(NO_STEP)
    no_step = float(np.exp(none - np.logaddexp(none, total + np.log1p(-NO_STEP))))
    return Posterior(no_step, np.concatenate(([0.0], np.exp(log_posterior - total))))
