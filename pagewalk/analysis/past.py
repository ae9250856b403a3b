"""What is known of series before the commits that are compared, worked out for many series at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from pagewalk.analysis.history_floor import Strays, latest, strays, usable
from pagewalk.analysis.null_distribution import Floats
from pagewalk.model import Case

Place = tuple[str, Case, str]
"""Names a series: a machine, a case and a metric."""


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The pasts of several series of one length.

    Args:
        rows: of each among those that were asked for (series,).
        length: how many values each has, 20 at least.
        latest: logarithms of the ten last ones, oldest first (series, 10).
        noise: how far a commit strays from those before it.
    """

    rows: Sequence[int]
    length: int
    latest: Floats
    noise: Strays

    def of(self, series: Sequence[int]) -> "Past":
        """Return those of some of the series; of all in their order, this itself."""
        if list(series) == list(range(len(self.rows))):
            return self
        rows = [self.rows[one] for one in series]
        return Past(rows, self.length, self.latest[series], self.noise.of(series))


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What pasts of one length say of several questions.

    Args:
        places: of the questions among all that are asked.
        past: of their series, in the order of the places.
        floors: the noise of each series, relative (questions,); source: how that was obtained.
        width: of each head, as `Strays.floor` takes it (questions,).
    """

    places: Sequence[int]
    past: Past
    floors: Floats
    source: str
    width: Floats


def pasts_of(values: Floats) -> list[Past]:
    """Return the pasts of those series that are long enough to say anything, by their length.

    Args:
        values: at the commits before the base, oldest first; NaN where a commit has none (series, commits).
    """
    return [Past(rows, logs.shape[-1], latest(logs), strays(logs)) for rows, logs in usable(values)]
