"""Steps that nobody would act upon: small beside their level, and beside the noise as well."""

from itertools import pairwise

import numpy as np

from pagewalk.analysis.changepoints.confirmation import Segment
from pagewalk.analysis.changepoints.medians import median
from pagewalk.analysis.changepoints.method import Series
from pagewalk.analysis.changepoints.movement import rise

SHARE = 0.01
"""Part of a level; a machine's temperature, its memory's layout and its kernel move one that much."""

DEVIATIONS = 3.0
"""Noise deviations that make up for a small share: what stands out as clearly has a cause."""

NEARBY = 100
"""Values on either side whose median is the level: further away it may have drifted."""


def _weight(series: Series, left: Segment, right: Segment, noise: float) -> float:
    """Return how far a series moves at a step, or along a line beside it, in parts of what is relevant."""
    before = median(series[max(left.start, left.stop - NEARBY) : left.stop])
    after = median(series[right.start : min(right.stop, right.start + NEARBY)])
    moves = max(abs(after - before), rise(series, left), rise(series, right))
    enough = min(SHARE * min(abs(before), abs(after)), DEVIATIONS * noise)
    return moves / enough if enough > 0 else np.inf


def relevant(series: Series, segments: list[Segment], noise: float) -> list[Segment]:
    """Return `segments` with those joined that differ by too little, the least step first.

    Noise has no scale of its own: a history that is good to a thousandth, and leans on its
    neighbours a little, would otherwise show ever smaller changes. Around zero, where a share means
    nothing, every step is relevant.

    Args:
        series: shape (n,), as measured: its zero is the unit's own.
        noise: standard deviation of one value, in the same unit.
    """
    kept = list(segments)
    while len(kept) > 1:
        weights = [_weight(series, left, right, noise) for left, right in pairwise(kept)]
        least = min(range(len(weights)), key=weights.__getitem__)
        if weights[least] >= 1:
            break
        kept[least : least + 2] = [Segment(kept[least].start, kept[least + 1].stop, sloped=False)]
    return kept
