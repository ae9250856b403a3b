"""What plain asv measured of the commits before: the noise of series that no A/A run has measured."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.past import Known, by_past, pasts_of
from pagewalk.analysis.single_values import few, noise_of_past, width_of
from pagewalk.history import History
from pagewalk.history.asvfile import UNKNOWN
from pagewalk.model import Case, Record, Values

MOST = 101
"""Commits that are read; their 100 changes are what the floor rests on."""

Records = Mapping[Case, Record]
Place = tuple[str, Case, str]
Sides = tuple[Values, Values]


@dataclass(frozen=True, slots=True, eq=False)
class Pasts:
    """What is known of places at the commits before the base.

    Args:
        places: in any order.
        values: (places, commits), oldest first; NaN where a commit has none.
    """

    places: Sequence[Place]
    values: Floats


ReadPast = Callable[[str, str, Sequence[Place]], Pasts]
"""Of a machine and a commit, returns the values of the commits before, of some places.

Only what plain asv measured counts, in the environments that the commit itself was measured in, and of
several samples of a commit the median, as asv has it. At most the last `MOST` result files are read.
"""


def past_in_files(history: History, machine: str, commit: str, wanted: Sequence[Place]) -> Pasts:
    """Read the past from result files, a `ReadPast` once the history is given."""
    paths = history.asv.past(machine, commit, MOST) if wanted else []
    found = np.full((len(wanted), len(paths)), np.nan)
    rows = {place: row for row, place in enumerate(wanted)}
    for column, path in enumerate(paths):
        for case, values, _ in history.asv.values(path, machine):
            row = rows.get((machine, case, values.metric))
            if row is not None and values.samples:
                found[row, column] = median(values.samples)
    return Pasts(wanted, found)


def known_before(
    read_past: ReadPast, machine: str, commit: str, base: Records, head: Records
) -> tuple[dict[Place, Known], dict[Place, NoiseFloor]]:
    """Return the pasts that are long enough to say anything, and the noise floors that they show."""
    sides = dict(_sides(machine, base, head))
    pasts = read_past(machine, commit, list(sides))
    known = pasts_of(pasts.places, pasts.values)
    return known, dict(_floors(known, sides))


def _floors(known: Mapping[Place, Known], sides: Mapping[Place, Sides]) -> Iterator[tuple[Place, NoiseFloor]]:
    for past, members in by_past(known).items():
        facing = [sides[place] for place, _ in members]
        tested = [not few(before.samples, after.samples) for before, after in facing]
        width = np.array([width_of(after) for _, after in facing])
        rows = [row for _, row in members]
        floors = noise_of_past(past.of(rows), tested=tested, width=width)
        yield from zip((place for place, _ in members), floors, strict=True)


def _sides(machine: str, base: Records, head: Records) -> Iterator[tuple[Place, Sides]]:
    """Yield what plain asv measured on both sides."""
    for case in base.keys() & head.keys():
        found = head[case].values
        for metric, before in base[case].values.items():
            after = found.get(metric)
            if after is not None and before.provenance == UNKNOWN == after.provenance:
                yield (machine, case, metric), (before, after)
