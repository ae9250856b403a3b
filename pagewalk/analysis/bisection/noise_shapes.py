"""The kinds of noise that a sampled metric may have. Which it is, is learned with the levels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Array = NDArray[np.float64]

SCALES = np.geomspace(0.4, 2.5, 8)
"""Times the robust scale of the ends: what a few executions leave open."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Student's t, alone or with a second mode.

    Args:
        degrees: of freedom; 2 has outliers as machines have them, 30 is all but normal.
        share: of values that come from the second mode.
        apart: how far above the first one the second mode is, in scales; may be negative.
        weight: prior probability.
    """

    degrees: float
    weight: float
    share: float = 0.0
    apart: float = 0.0


SHAPES = (
    Shape(30, 0.55),
    Shape(4, 0.23),
    Shape(2, 0.14),
    *(Shape(8, 0.01, share, apart) for share in (0.15, 0.4) for apart in (-10.0, -4.5, 4.5, 10.0)),
)


def log_density(values: Array, levels: Array, scale: float) -> Array:
    """Return log densities, shape (N, A, K), of N values at A levels; K goes over shapes and scales."""
    scales = scale * SCALES
    deviation = (values[:, None, None] - levels[None, :, None]) / scales
    # Several shapes have a mode in common, and a density takes most of the time of a decision.
    modes = {mode: _student(deviation - mode[1], mode[0]) for mode in {m for s in SHAPES for m in _modes(s)}}
    parts = [_mixed([modes[mode] for mode in _modes(shape)], shape.share) for shape in SHAPES]
    return np.concatenate([part - np.log(scales) for part in parts], axis=2)


def noise_around(scale: float) -> Array:
    """Return how uncertain one value leaves its level, as a variance, shape (1, K).

    The inverse of Student's Fisher information of location: finite where the variance is not.
    """
    degrees = np.repeat([shape.degrees for shape in SHAPES], len(SCALES))
    scales = np.tile(scale * SCALES, len(SHAPES))
    return np.asarray((scales**2 * (degrees + 3) / (degrees + 1))[None, :])


def log_prior() -> Array:
    """Return the log prior of K shapes and scales, in the order of `log_density`."""
    weights = np.repeat([shape.weight for shape in SHAPES], len(SCALES)) / len(SCALES)
    return np.asarray(np.log(weights / weights.sum()))


def _modes(shape: Shape) -> list[tuple[float, float]]:
    """Return degrees of freedom and place of each mode of a shape."""
    return [(shape.degrees, 0.0), *([(shape.degrees, shape.apart)] if shape.share else [])]


def _mixed(modes: list[Array], share: float) -> Array:
    """Return the log density of one mode, or of two of which the second has a share."""
    if not share:
        return modes[0]
    # Student's tails underflow nowhere near: np.logaddexp would take three times as long for nothing.
    density = (1 - share) * np.exp(modes[0]) + share * np.exp(modes[1])
    return np.asarray(np.log(np.maximum(density, np.finfo(np.float64).tiny)))


def _student(deviation: Array, degrees: float) -> Array:
    constant = gammaln((degrees + 1) / 2) - gammaln(degrees / 2) - np.log(degrees * np.pi) / 2
    return np.asarray(constant - (degrees + 1) / 2 * np.log(1 + deviation**2 / degrees))
