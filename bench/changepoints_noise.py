"""Noise as histories of benchmarks show it, made up or taken from them.

A maker returns logarithms of relative deviations: 0.01 is one percent.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Series = npt.NDArray[np.float64]
Maker = Callable[[np.random.Generator, int], Series]

SIZE = 0.01
"""The standard deviation of the quiet part of all made-up noise."""


def normal(generator: np.random.Generator, count: int) -> Series:
    return generator.normal(0, SIZE, count)


def heavy_tailed(generator: np.random.Generator, count: int) -> Series:
    return SIZE * generator.standard_t(2.5, count)


def slow_spikes(generator: np.random.Generator, count: int) -> Series:
    """Only ever slower than usual, sometimes by a lot."""
    return SIZE * np.exp(generator.normal(0, 1, count))


def outliers(generator: np.random.Generator, count: int) -> Series:
    spikes = np.where(generator.random(count) < 0.05, generator.uniform(0.1, 1.0, count), 0.0)
    return normal(generator, count) + spikes


def bimodal(generator: np.random.Generator, count: int) -> Series:
    second = generator.random(count) < generator.uniform(0.05, 0.5)
    return normal(generator, count) + np.where(second, 0.06, 0.0)


def drifting(generator: np.random.Generator, count: int) -> Series:
    """A slope of a few percent from end to end."""
    return normal(generator, count) + generator.uniform(-0.05, 0.05) * np.arange(count) / count


def waving(generator: np.random.Generator, count: int) -> Series:
    """A slow wave of up to two percent: it bends, and to cut it where it bends is no mistake of a fit."""
    phase = np.arange(count) / count + generator.random()
    return normal(generator, count) + generator.uniform(0, 0.02) * np.sin(2 * np.pi * phase)


def changing_variance(generator: np.random.Generator, count: int) -> Series:
    edges = np.sort(generator.integers(0, count, 2))
    size = np.repeat(generator.uniform(0.3, 3, 3), np.diff([0, *edges, count]))
    return normal(generator, count) * size


def autocorrelated(generator: np.random.Generator, count: int) -> Series:
    innovations = normal(generator, count + 50)
    series = np.zeros_like(innovations)
    for i in range(1, len(series)):
        series[i] = 0.3 * series[i - 1] + innovations[i]
    return series[50:]


def quantised(generator: np.random.Generator, count: int) -> Series:
    return np.round(normal(generator, count) / SIZE) * SIZE


MADE_UP: Mapping[str, Maker] = {
    "normal": normal,
    "heavy-tailed": heavy_tailed,
    "slow spikes": slow_spikes,
    "outliers": outliers,
    "bimodal": bimodal,
    "drifting": drifting,
    "waving": waving,
    "changing variance": changing_variance,
    "autocorrelated": autocorrelated,
    "quantised": quantised,
}


def _one_of(histories: Sequence[Series], generator: np.random.Generator) -> Series:
    return histories[int(generator.integers(len(histories)))]


def drawn(histories: Sequence[Series]) -> Maker:
    """Return a maker of independent draws from one of `histories` at a time."""

    def make(generator: np.random.Generator, count: int) -> Series:
        return generator.choice(_one_of(histories, generator), count)

    return make


def in_order(histories: Sequence[Series]) -> Maker:
    """Return a maker of stretches of `histories` as they were, mirrored where too short.

    What only lasted a while in a history is in here too: not all that is found is a false alarm.
    """

    def make(generator: np.random.Generator, count: int) -> Series:
        history = _one_of(histories, generator)
        while len(history) < count:
            history = np.concatenate((history, history[::-1]))
        start = int(generator.integers(len(history) - count + 1))
        return history[start : start + count]

    return make


RUN = 10
AWAY = 3.0
"""A level that anybody sees: the median of RUN values in a row AWAY deviations from that of all."""


def without_levels(stretch: Series) -> bool:
    """Tell whether no RUN values in a row lie around a level of their own, the ends included."""
    centred = stretch - np.median(stretch)
    medians = np.median(np.lib.stride_tricks.sliding_window_view(centred, RUN), axis=1)
    return bool(np.abs(medians).max() <= AWAY * 1.4826 * np.median(np.abs(centred)))


def calm(histories: Sequence[Series]) -> Maker:
    """Return a maker of stretches as they were, but for those that show a level of RUN values.

    What is left leans on its neighbours, drifts and has outliers; an alarm here is a false one.
    """
    stretch = in_order(histories)

    def make(generator: np.random.Generator, count: int) -> Series:
        while not without_levels(one := stretch(generator, count)):
            pass
        return one

    return make


def blocks(histories: Sequence[Series]) -> Maker:
    """Return a maker of 5 to 20 values in a row at a time, drawn from one history.

    Source: the block bootstrap (Künsch 1989): near neighbours keep what they have in common.
    """

    def make(generator: np.random.Generator, count: int) -> Series:
        history = _one_of(histories, generator)
        pieces: list[Series] = []
        while sum(map(len, pieces)) < count:
            length = int(generator.integers(5, 21))
            start = int(generator.integers(len(history) - length + 1))
            pieces.append(history[start : start + length])
        return np.concatenate(pieces)[:count]

    return make
