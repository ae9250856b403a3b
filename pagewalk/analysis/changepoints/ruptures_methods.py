"""PELT and binary segmentation of the library ruptures, after robust scaling.

ruptures is an optional dependency: `pip install ruptures`.
"""

from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.changepoints.method import Series
from pagewalk.analysis.changepoints.noise import GAUSSIAN_MAD

SHORTEST = 2


def _scaled(series: Series) -> Series:
    """Return the series around its median in units of its median absolute deviation."""
    deviation = series - np.median(series)
    scale = float(np.median(np.abs(deviation))) / GAUSSIAN_MAD or float(series.std()) or 1.0
    scaled: Series = deviation / scale
    return scaled


@dataclass(frozen=True, slots=True)
class Pelt:
    """The exact penalised least squares fit of levels.

    Args:
        penalty: per change, times ln n; 3 counts two levels and a place (Schwarz 1978).

    Source: Killick, Fearnhead & Eckley 2012.
    """

    penalty: float = 3.0

    @property
    def name(self) -> str:
        return "PELT"

    def find(self, series: Series) -> list[int]:
        import ruptures  # noqa: PLC0415 - an optional dependency, needed by this method only

        if series.size < 2 * SHORTEST:
            return []
        search = ruptures.Pelt(model="l2", min_size=SHORTEST, jump=1).fit(_scaled(series))
        return [int(at) for at in search.predict(pen=self.penalty * np.log(series.size))[:-1]]


@dataclass(frozen=True, slots=True)
class BinarySegmentation:
    """Levels cut in two as long as it pays.

    Args:
        penalty: as in `Pelt`.

    Source: Scott & Knott 1974.
    """

    penalty: float = 3.0

    @property
    def name(self) -> str:
        return "binary segmentation"

    def find(self, series: Series) -> list[int]:
        import ruptures  # noqa: PLC0415 - an optional dependency, needed by this method only

        if series.size < 2 * SHORTEST:
            return []
        search = ruptures.Binseg(model="l2", min_size=SHORTEST, jump=1).fit(_scaled(series))
        return [int(at) for at in search.predict(pen=self.penalty * np.log(series.size))[:-1]]
