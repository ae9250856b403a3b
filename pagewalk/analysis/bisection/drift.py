"""A machine that warms up, throttles or gets company: seen at the ends, which are measured all along."""

import numpy as np
from numpy.typing import NDArray

from pagewalk.analysis.bisection.likelihood import Array

AMPLITUDES = (0.0, 0.15, 0.3, 0.6, 1.2)
"""Standard deviations of a step from one reference to the next, in those of the noise."""
LEAST = 8
"""With fewer references no drift can be told from noise."""
PROOF = 2.5
"""Log evidence that drift must have over none; else nothing is taken off."""
CLIP = 2.5


def drift(places: NDArray[np.int64], values: Array, last: int) -> Array:
    """Return how far the machine was off at each execution, shape (N,); zeros where no drift shows.

    A random walk in time plus noise, seen at both ends only (a candidate's level is what is asked
    for). Its step is the likeliest of AMPLITUDES. Source: Durbin and Koopman, Time Series Analysis
    by State Space Methods, 2nd ed., 2012, §2 (the local level model, here as a Gaussian process).
    """
    at_ends = (places == 0) | (places == last)
    times = np.flatnonzero(at_ends).astype(np.float64)
    if len(times) < LEAST:
        return np.zeros(len(values))
    rest = values[at_ends].copy()
    for end in (0, last):
        rest[places[at_ends] == end] -= np.median(rest[places[at_ends] == end])
    noise = float(np.median(np.abs(np.diff(rest)))) / 0.9539
    if noise == 0:
        return np.zeros(len(values))
    rest = np.clip(rest, -CLIP * noise - _range(rest), CLIP * noise + _range(rest))
    pace = (times[-1] - times[0]) / (len(times) - 1)
    fits = {a: _evidence(rest / noise, _walk(times, times, a, pace)) for a in AMPLITUDES}
    best = max(fits, key=lambda a: fits[a])
    if fits[best] < fits[0.0] + PROOF:
        return np.zeros(len(values))
    every = np.arange(len(values), dtype=np.float64)
    covariance = _walk(times, times, best, pace) + np.eye(len(times))
    smooth = _walk(every, times, best, pace) @ np.linalg.solve(covariance, rest / noise)
    return np.asarray(noise * (smooth - smooth.mean()))


def _range(rest: Array) -> float:
    """Half of the range of a running median: what drift, and no single outlier, explains."""
    if len(rest) < 5:
        return 0.0
    middle = np.median(np.lib.stride_tricks.sliding_window_view(rest, 5), axis=1)
    return float(np.abs(middle).max())


def _walk(first: Array, second: Array, amplitude: float, pace: float) -> Array:
    """Covariance of a random walk that started long before, up to a constant that is left free."""
    apart = np.abs(first[:, None] - second[None, :]) / pace
    return amplitude**2 * (len(second) - apart / 2)


def _evidence(rest: Array, walk: Array) -> float:
    """Log evidence of values of unit noise around a walk."""
    covariance = walk + np.eye(len(rest))
    _, determinant = np.linalg.slogdet(covariance)
    return float(-(rest @ np.linalg.solve(covariance, rest) + determinant) / 2)
