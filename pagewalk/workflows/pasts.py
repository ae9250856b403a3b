"""What plain asv measured of the commits before: the noise of series that no A/A run has measured."""

from collections.abc import Callable, Sequence
from statistics import median

import numpy as np

from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.past import Known, Past, Place
from pagewalk.analysis.questions import Asked, Question
from pagewalk.analysis.single_values import few, from_commits, noise_of_past, widths_of
from pagewalk.history import History
from pagewalk.history.asvresult import UNKNOWN, read

MOST = 101
"""Commits that are read; their 100 changes are what the floor rests on."""

ReadPast = Callable[[str, str, Sequence[Place]], Sequence[Past]]
"""Of a machine and a commit, returns what is known of some places before it.

Only what plain asv measured counts, in the environments that the commit itself was measured in, and of
several samples of a commit the median, as asv has it. At most the last `MOST` result files are read.
"""


def past_in_files(history: History, machine: str, commit: str, wanted: Sequence[Place]) -> Floats:
    """Read the values of earlier commits from result files.

    Returns:
        values of the places, oldest first; NaN where a commit has none (places, commits).
    """
    paths = history.asv.past(machine, commit, MOST) if wanted else []
    found = np.full((len(wanted), len(paths)), np.nan)
    rows = {place: row for row, place in enumerate(wanted)}
    for column, file in enumerate(map(read, paths)):
        for table in history.asv.tables(file, machine) if file else ():
            for (case, metric), values in zip(table.cases, table.values, strict=True):
                row = rows.get((machine, case, metric))
                if row is not None and values.samples:
                    found[row, column] = median(values.samples)
    return found


def known_before(read_past: ReadPast, asked: Asked) -> list[Known]:
    """Return what is known before the base of what plain asv measured on both sides."""
    known: list[Known] = []
    for machine in asked.machines:
        # All that the base has, whatever the head has: of another head the same is asked
        numbers = [
            number
            for number, question in enumerate(asked.questions)
            if question.base.provenance is UNKNOWN and question.pairing.machine is machine
        ]
        places = [asked.questions[number].place for number in numbers]
        pasts = read_past(machine.name, asked.base.commit, places) if places else ()
        known += [_told(past, numbers, asked.questions) for past in pasts]
    return known


def _told(past: Past, numbers: Sequence[int], asked: Sequence[Question]) -> Known:
    """Return what a past says of those questions, each a series of it, that can be judged."""
    about = [(row, numbers[series], asked[numbers[series]]) for row, series in enumerate(past.rows)]
    told = [one for one in about if one[2].sampled and one[2].head.provenance is UNKNOWN]
    own = past.of([row for row, _, _ in told])
    tested = [not few(question.base.samples, question.head.samples) for _, _, question in told]
    width = widths_of([question.head for _, _, question in told])
    floors = noise_of_past(own, tested=tested, width=width)
    return Known([number for _, number, _ in told], own, floors, from_commits(past.length), width)
