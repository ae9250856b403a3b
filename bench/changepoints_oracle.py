"""How far any method could get on a kind of noise: what one finds that is told what no method knows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.changepoints_noise import Series
from pagewalk.analysis.changepoints.ranks import centred_ranks

ALARMS = 0.01
"""Share of clean series a threshold may take for stepped ones."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """A series with one step, and the clean one it was made of."""

    clean: Series
    series: Series
    at: int


def shift(series: Series, at: int) -> float:
    """Return how far the ranks from `at` on lie from those before, in standard errors."""
    ranks = centred_ranks(series)
    count = series.size
    error = float(ranks.std() * np.sqrt(at * (count - at) / count))
    return abs(float(ranks[:at].sum())) / error if error > 0 else 0.0


def height(series: Series, at: int) -> float:
    """Return how far the median from `at` on lies from the one before, in parts of how far others do.

    Others are the medians of as many values in a row before; 99 of 100 of them reach no further than 1.
    """
    before, after = series[:at], series[at:]
    middle = np.median(before)
    others = np.median(np.lib.stride_tricks.sliding_window_view(before, after.size), axis=1)
    usual = float(np.quantile(np.abs(others - middle), 0.99))
    return abs(float(np.median(after) - middle)) / usual if usual > 0 else 0.0


def told_the_place(cases: Sequence[Stepped], statistic: Callable[[Series, int], float]) -> float:
    """Return the share of steps seen by the threshold that ALARMS of the clean series exceed.

    The place of the step is known, and the threshold is set on the very series it then judges.
    """
    limit = np.quantile([statistic(case.clean, case.at) for case in cases], 1 - ALARMS)
    return float(np.mean([statistic(case.series, case.at) > limit for case in cases]))


def told_the_number(cases: Sequence[Stepped], near: int, edge: int) -> float:
    """Return the share of steps within `near` of where ranks change most, if one step is known to be.

    Args:
        edge: steps are known to be no nearer than this to the ends.
    """
    return float(np.mean([abs(_largest(case.series, edge) - case.at) <= near for case in cases]))


def _largest(series: Series, edge: int) -> int:
    count = series.size
    before = np.arange(1, count)
    away = np.abs(np.cumsum(centred_ranks(series))[:-1]) / np.sqrt(before * (count - before))
    return edge + int(away[edge - 1 : count - edge].argmax())
