"""What plain asv measured of the commits before: the noise of series that no A/A run has measured."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from statistics import median

import numpy as np
from numpy.typing import NDArray

from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.questions import KnownPasts
from pagewalk.analysis.single_values import few, noise_of_past, width_of
from pagewalk.history import History
from pagewalk.history.asvfile import UNKNOWN
from pagewalk.model import Case, Record, Values

MOST = 101
"""Commits that are read; their 100 changes are what the floor rests on."""

Records = Mapping[Case, Record]
Place = tuple[str, Case, str]
Sides = tuple[Values, Values]
Pasts = Mapping[Place, Sequence[float] | NDArray[np.float64]]
"""Values of the commits before the base, oldest first."""

ReadPast = Callable[[str, str, Set[Place]], Pasts]
"""Of a machine and a commit, returns the values of the commits before, oldest first, of some places.

Only what plain asv measured counts, in the environments that the commit itself was measured in, and of
several samples of a commit the median, as asv has it. At most the last `MOST` result files are read.
"""


def past_in_files(history: History, machine: str, commit: str, wanted: Set[Place]) -> Pasts:
    """Read the past from result files, a `ReadPast` once the history is given."""
    found: dict[Place, list[float]] = defaultdict(list)
    for path in history.asv.past(machine, commit, MOST) if wanted else ():
        for case, values, _ in history.asv.values(path, machine):
            place = (machine, case, values.metric)
            if place in wanted and values.samples:
                found[place].append(median(values.samples))
    return found


def places_of(machine: str, base: Records, head: Records) -> Set[Place]:
    """Return what plain asv measured on both sides."""
    return dict(_sides(machine, base, head)).keys()


def floors_of_past(pasts: KnownPasts, machine: str, base: Records, head: Records) -> dict[Place, NoiseFloor]:
    """Return the noise floors that pasts show, where they are long enough."""
    found = {}
    for place, (before, after) in _sides(machine, base, head):
        past = pasts.get(place)
        if past is not None:
            tested = not few(before.samples, after.samples)
            found[place] = noise_of_past(past, tested=tested, width=width_of(after))
    return found


def _sides(machine: str, base: Records, head: Records) -> Iterator[tuple[Place, Sides]]:
    for case in base.keys() & head.keys():
        before, after = base[case].values, head[case].values
        for metric in before.keys() & after.keys():
            if before[metric].provenance == UNKNOWN == after[metric].provenance:
                yield (machine, case, metric), (before[metric], after[metric])
