"""What is known of series before the commits that are compared, worked out for many series at once."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from pagewalk.analysis.history_floor import Strays, strays, usable
from pagewalk.analysis.null_distribution import Floats

Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The pasts of several series of one length.

    Args:
        logs: logarithms of their last values, oldest first (series, n); n is 20 at least.
        noise: how far a commit strays from those before it.
    """

    logs: Floats
    noise: Strays

    def of(self, rows: Sequence[int]) -> "Past":
        """Return those of some of the series."""
        return Past(self.logs[rows], self.noise.of(rows))

    @property
    def length(self) -> int:
        """How many values each series has."""
        return int(self.logs.shape[-1])


class Known(NamedTuple):
    """The past of one series: a row of those of its length."""

    past: Past
    row: int


def pasts_of(places: Sequence[Place], values: Floats) -> dict[Place, Known]:
    """Return the pasts of those of many series that are long enough to say anything.

    Args:
        values: (places, commits), oldest first; NaN where a commit has none.
    """
    found: dict[Place, Known] = {}
    for rows, logs in usable(values):
        past = Past(logs, strays(logs))
        found |= {places[row]: Known(past, at) for at, row in enumerate(rows)}
    return found


def by_past(known: Mapping[Place, Known]) -> dict[Past, list[tuple[Place, int]]]:
    """Return places with their rows, by the past that they are rows of."""
    groups: dict[Past, list[tuple[Place, int]]] = {}
    for place, (past, row) in known.items():
        groups.setdefault(past, []).append((place, row))
    return groups
