"""What plain asv measured of the commits before: the noise of series that no A/A run has measured."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

import numpy as np

from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.past import Known, Past, PastValues, Place
from pagewalk.analysis.single_values import few, noise_of_past, width_of
from pagewalk.history import History
from pagewalk.history.asvresult import UNKNOWN, read
from pagewalk.model import Case, Record, Values

MOST = 101
"""Commits that are read; their 100 changes are what the floor rests on."""

Records = Mapping[Case, Record]
_NOTHING = Values("")
ReadPast = Callable[[str, str, Sequence[Place]], Sequence[Past]]
"""Of a machine and a commit, returns what is known of some places before it.

Only what plain asv measured counts, in the environments that the commit itself was measured in, and of
several samples of a commit the median, as asv has it. At most the last `MOST` result files are read.
"""


def past_in_files(history: History, machine: str, commit: str, wanted: Sequence[Place]) -> PastValues:
    """Read the values of earlier commits from result files."""
    paths = history.asv.past(machine, commit, MOST) if wanted else []
    found = np.full((len(wanted), len(paths)), np.nan)
    rows = {place: row for row, place in enumerate(wanted)}
    for column, file in enumerate(map(read, paths)):
        for case, values, _ in history.asv.values(file, machine) if file else ():
            row = rows.get((machine, case, values.metric))
            if row is not None and values.samples:
                found[row, column] = median(values.samples)
    return PastValues(wanted, found)


def known_before(
    read_past: ReadPast, machine: str, commit: str, base: Records, head: Records
) -> tuple[dict[Place, Known], dict[Place, NoiseFloor]]:
    """Return what is known of what plain asv measured on both sides, and the noise floors that it shows."""
    before, after = (dict(_by_asv(machine, records)) for records in (base, head))
    known: dict[Place, Known] = {}
    floors: dict[Place, NoiseFloor] = {}
    for past in read_past(machine, commit, list(before)):
        heads = [after.get(place, _NOTHING) for place in past.places]
        tested = [
            not few(before[place].samples, value.samples)
            for place, value in zip(past.places, heads, strict=True)
        ]
        shown = noise_of_past(past, tested=tested, width=np.array([width_of(value) for value in heads]))
        for row, (place, value) in enumerate(zip(past.places, heads, strict=True)):
            if value is not _NOTHING:
                known[place], floors[place] = Known(past, row), shown[row]
    return known, floors


def _by_asv(machine: str, records: Records) -> Iterator[tuple[Place, Values]]:
    """Yield what plain asv measured."""
    for case, record in records.items():
        for metric, values in record.values.items():
            if values.provenance == UNKNOWN:
                yield (machine, case, metric), values
