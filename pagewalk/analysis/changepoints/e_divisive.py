"""E-divisive: the method of several continuous-integration tools for performance."""

from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.changepoints.method import Series


def _largest(distances: Series, shortest: int) -> tuple[int, float]:
    """Return the cut with the largest energy statistic, and the statistic.

    Args:
        distances: shape (n, n), |xᵢ − xⱼ|.
    """
    count = len(distances)
    sums = np.zeros((count + 1, count + 1))
    sums[1:, 1:] = distances.cumsum(0).cumsum(1)
    cut = np.arange(shortest, count - shortest + 1)
    within_left = sums[cut, cut]
    across = sums[cut, count] - within_left
    within_right = sums[count, count] - within_left - 2 * across
    left, right = cut.astype(np.float64), (count - cut).astype(np.float64)
    energy = 2 * across / (left * right) - within_left / left**2 - within_right / right**2
    energy *= left * right / count
    best = int(energy.argmax())
    return int(cut[best]), float(energy[best])


@dataclass(frozen=True, slots=True)
class EDivisive:
    """Cuts in two where the energy distance is largest, as long as permutations rarely reach it.

    Args:
        level: share of permutations that may reach it; permutations: how many are tried.
        shortest: values in a segment. seed: of the permutations, so that answers repeat.

    Source: Matteson & James 2014, with the settings of MongoDB's signal processing (Daly et al. 2020).
    """

    level: float = 0.05
    permutations: int = 99
    shortest: int = 2
    seed: int = 1

    @property
    def name(self) -> str:
        return "E-divisive"

    def find(self, series: Series) -> list[int]:
        generator = np.random.default_rng(self.seed)
        return self._cuts(series, 0, generator)

    def _cuts(self, series: Series, start: int, generator: np.random.Generator) -> list[int]:
        if series.size < 2 * self.shortest:
            return []
        distances = np.abs(series[:, None] - series[None, :])
        cut, energy = _largest(distances, self.shortest)
        if not self._significant(distances, energy, generator):
            return []
        left = self._cuts(series[:cut], start, generator)
        return [*left, start + cut, *self._cuts(series[cut:], start + cut, generator)]

    def _significant(self, distances: Series, energy: float, generator: np.random.Generator) -> bool:
        allowed = int(self.level * (self.permutations + 1)) - 1
        reached = 0
        for _ in range(self.permutations):
            order = generator.permutation(len(distances))
            reached += _largest(distances[np.ix_(order, order)], self.shortest)[1] >= energy
            if reached > allowed:
                return False
        return True
