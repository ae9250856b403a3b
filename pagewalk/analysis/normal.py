"""The standard normal distribution, scalar: a tenth of the cost of an array library's."""

import math
from statistics import NormalDist

_STANDARD = NormalDist()


def upper_tail(deviate: float) -> float:
    """Return P(Z > deviate), accurate far out in the tail."""
    return math.erfc(deviate / math.sqrt(2)) / 2


def deviate(tail: float) -> float:
    """Return the z with P(Z > z) = `tail`, in (0, 1)."""
    return -_STANDARD.inv_cdf(tail)
