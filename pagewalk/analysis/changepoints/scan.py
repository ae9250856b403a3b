"""Steps too small for least squares, found in the ranks of what looks like one level or line."""

from itertools import pairwise

import numpy as np

from pagewalk.analysis.changepoints.confirmation import Segment
from pagewalk.analysis.changepoints.method import Series
from pagewalk.analysis.changepoints.noise import SEASON_SLACK, long_run_noise, point_noise
from pagewalk.analysis.changepoints.ranks import centred_ranks

SHORTEST = 30
"""Values below which ranks know nothing that the partition did not."""

MARGIN = 8
"""Values on either side of a step: fewer could be an excursion of the noise."""

STANDARD_ERRORS = 3.75
"""Of the largest of all steps in 200 independent values; white noise gets there once in some 200 series."""


def _inflation(ranks: Series) -> float:
    """Return by how much autocorrelation makes the errors larger than `ranks` as such would have."""
    points = point_noise(ranks)
    return max(1.0, long_run_noise(ranks) / points / SEASON_SLACK) if points > 0 else 1.0


def _largest(ranks: Series) -> tuple[int, float]:
    """Return where the mean rank changes most, and by how many standard errors."""
    count = ranks.size
    before = np.arange(1, count)
    error = ranks.std() * np.sqrt(before * (count - before) / count)
    away = np.abs(np.cumsum(ranks)[:-1]) / np.maximum(error, np.finfo(np.float64).tiny)
    inner = away[MARGIN - 1 : count - MARGIN]
    at = int(inner.argmax())
    return at + MARGIN, float(inner[at])


def _drift(ranks: Series) -> float:
    """Return how much the mean rank drifts along a line, in standard errors."""
    time = np.arange(ranks.size) - (ranks.size - 1) / 2
    error = ranks.std() * np.sqrt((time**2).sum())
    return abs(float((ranks * time).sum())) / error if error > 0 else 0.0


def _steps(series: Series, limit: float) -> list[int]:
    if series.size < SHORTEST:
        return []
    ranks = centred_ranks(series)
    step, away = _largest(ranks)
    # a step has one unknown more than a drift, its place: it must explain ln n more (Schwarz 1978)
    if away < limit or away**2 < _drift(ranks) ** 2 + np.log(series.size):
        return []
    return [*_steps(series[:step], limit), step, *(step + at for at in _steps(series[step:], limit))]


def scan(series: Series, segment: Segment) -> list[Segment]:
    """Cut one segment wherever the ranks of its values step, and do so rather than drift.

    Source: Pettitt 1979, standardised as the CUSUM of ranks and used by binary segmentation.
    """
    here = series[segment.start : segment.stop]
    if here.size < SHORTEST:
        return [segment]
    ranks = centred_ranks(here)
    if _largest(ranks)[1] < STANDARD_ERRORS:
        return [segment]
    limit = STANDARD_ERRORS * _inflation(ranks)
    steps = _steps(here, limit)
    if not steps:
        return [segment]
    at = [segment.start, *(segment.start + step for step in steps), segment.stop]
    return [Segment(start, stop, sloped=False) for start, stop in pairwise(at)]
