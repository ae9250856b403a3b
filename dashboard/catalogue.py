"""What is there, listed quickly: subjects, machines, commits, and series of values over them.

Two revisions in full detail are `dashboard.library`'s business; this answers for all of them at once.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from dashboard.benchmarks import join
from dashboard.library import Library
from pagewalk.history import History, open_histories
from pagewalk.index.model import IndexedRevision, Series, SeriesKey
from pagewalk.index.states import ABSENT, NOT_RUN, OK
from pagewalk.metrics import METRICS
from pagewalk.model import Case, Machine, Outcome, Record, Values
from pagewalk.units import unit_of_metric

_Entry = tuple[Machine, IndexedRevision, Record]


class Catalogue:
    """Lists of one results folder, kept until a file in it changes."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._entries = lru_cache(maxsize=8)(self._read)
        self._series = lru_cache(maxsize=64)(self._read_series)

    def subjects(self) -> list[str]:
        """Return the names of all subjects; none where there is no folder."""
        return list(self._histories())

    def machines(self, subject: str) -> tuple[Machine, ...]:
        """Return the machines of a subject, real ones first."""
        return self._histories()[subject].machines()

    def revisions(self, subject: str) -> tuple[IndexedRevision, ...]:
        """Return the revisions of a subject, oldest first."""
        return self._entries(self._library.generation(), subject)[0]

    def benchmarks(self, subject: str) -> list[str]:
        """Return the names of a subject's benchmarks as asv has them, sorted."""
        entries = self._entries(self._library.generation(), subject)[1]
        return sorted({name_of(r.case, metric) for _, _, r in entries for metric in r.values})

    def series(self, subject: str, benchmark: str) -> tuple[Series, ...]:
        """Return every series of a benchmark, by machine and then by parameters."""
        return self._series(self._library.generation(), subject, benchmark)

    def records(self, subject: str) -> tuple[_Entry, ...]:
        """Return what is known of every case at every commit on every machine."""
        return self._entries(self._library.generation(), subject)[1]

    def _histories(self) -> dict[str, History]:
        return open_histories(self._library.root) if self._library.root.is_dir() else {}

    def _read(self, _generation: str, subject: str) -> tuple[tuple[IndexedRevision, ...], tuple[_Entry, ...]]:
        history = self._histories()[subject]
        revisions = [IndexedRevision(r.commit, n, r.name, r.date) for n, r in enumerate(history.revisions())]
        entries = [
            (machine, revision, record)
            for machine in history.machines()
            for revision in revisions
            for record in history.records(revision.commit, machine.name).values()
        ]
        return tuple(revisions), tuple(entries)

    def _read_series(self, generation: str, subject: str, benchmark: str) -> tuple[Series, ...]:
        revisions, entries = self._entries(generation, subject)
        found: dict[tuple[str, Case], dict[int, Record]] = {}
        for machine, revision, record in entries:
            if any(name_of(record.case, metric) == benchmark for metric in _metrics(record)):
                found.setdefault((machine.name, record.case), {})[revision.position] = record
        return tuple(
            _one(SeriesKey(subject, machine, "pagewalk", benchmark, case.params), revisions, records)
            for (machine, case), records in found.items()
        )


def name_of(case: Case, metric: str) -> str:
    """Return asv's name of one metric of a case."""
    return join(case.benchmark, metric) if metric in METRICS else f"{case.benchmark}.{metric}"


def _metrics(record: Record) -> Iterator[str]:
    """A case that crashed has no values: how it ended stands in the series of every metric it could have."""
    yield from record.values or METRICS


def _one(key: SeriesKey, revisions: tuple[IndexedRevision, ...], records: dict[int, Record]) -> Series:
    metric = key.benchmark.rpartition(".")[2].removeprefix("track_")
    columns = np.full((3, len(revisions)), np.nan)
    states = [ABSENT] * len(revisions)
    newest: Values | None = None
    for at, record in records.items():
        values = record.values.get(metric)
        if values and values.samples and record.outcome is Outcome.OK:
            columns[:, at] = np.median(values.samples), min(values.samples), max(values.samples)
            states[at], newest = OK, values
        else:
            states[at] = NOT_RUN if record.outcome is Outcome.OK else str(record.outcome)
    middle, low, high = columns
    source = newest.provenance if newest else None
    return Series(key, unit_of_metric(metric), revisions, middle, low, high, tuple(states), "samples", source)
