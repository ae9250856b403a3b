"""What is known of series before the commits that are compared, worked out for many series at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pagewalk.analysis.history_floor import Strays, latest, strays, usable
from pagewalk.analysis.null_distribution import Floats
from pagewalk.model import Case

Place = tuple[str, Case, str]
"""Names a series: a machine, a case and a metric."""


@dataclass(frozen=True, slots=True, eq=False)
class PastValues:
    """Values of some series at the commits before the base.

    Args:
        places: in any order.
        values: (series, commits), oldest first; NaN where a commit has none.
    """

    places: Sequence[Place]
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The pasts of several series of one length.

    Args:
        places: of each (series,).
        length: how many values each has, 20 at least.
        latest: logarithms of the ten last ones, oldest first (series, 10).
        noise: how far a commit strays from those before it.
    """

    places: Sequence[Place]
    length: int
    latest: Floats
    noise: Strays

    def of(self, rows: Sequence[int]) -> "Past":
        """Return those of some of the series."""
        places = [self.places[row] for row in rows]
        return Past(places, self.length, self.latest[rows], self.noise.of(rows))


class Known(NamedTuple):
    """The past of one series: a row of those of its length."""

    past: Past
    row: int


def pasts_of(series: PastValues) -> list[Past]:
    """Return the pasts of those series that are long enough to say anything, by their length."""
    return [
        Past([series.places[row] for row in rows], logs.shape[-1], latest(logs), strays(logs))
        for rows, logs in usable(series.values)
    ]
