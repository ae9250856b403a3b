"""What is there, listed quickly from the index: subjects, machines, commits, series, crashes, changes.

Two revisions in full detail are `dashboard.data.library`'s business; this answers for all of them at once.
Answers are kept until the index has more.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from dashboard.data.benchmarks import split
from dashboard.data.endings import with_endings
from dashboard.data.indexing import Indexing, State
from dashboard.data.keeping import Kept, Many
from dashboard.data.lines import Level, levels_of
from pagewalk.analysis.past import Past, Place, pasts_of
from pagewalk.index.answering import queries
from pagewalk.index.answering.model import (
    BenchmarkQuery,
    CrashRow,
    IndexedRevision,
    MachineSummary,
    OutcomeCell,
    ProblemRow,
    Regression,
    Series,
    SeriesKey,
    SubjectSummary,
    WorstSeries,
)
from pagewalk.index.answering.past import past_in_index
from pagewalk.index.answering.series import Frames, series, series_keys
from pagewalk.index.changes.levels import level_starts
from pagewalk.index.changes.told import Changes, changes, worst_series
from pagewalk.index.database import Index
from pagewalk.units import unit_of_metric

Answer = TypeVar("Answer")

_MOST_BENCHMARKS = 20_000
_MOST_SERIES = 400
"""Of one benchmark: many more than a picture shows."""
_MOST_CRASHES = 2_000
_MOST_KEPT = 48 << 20
"""Bytes of answers."""


class Catalogue:
    """Lists of everything under one results root."""

    def __init__(self, indexing: Indexing) -> None:
        self._indexing = indexing
        self._kept = Kept(_MOST_KEPT)

    @property
    def state(self) -> State:
        """How far the index is, without a look at the files."""
        return self._indexing.state

    def subjects(self) -> list[str]:
        """Return the names of all subjects."""
        return [subject.name for subject in self.summaries()]

    def summaries(self) -> tuple[SubjectSummary, ...]:
        """Return all subjects with how much there is of each."""
        return self._answer(_subjects)

    def machines(self, subject: str) -> tuple[MachineSummary, ...]:
        """Return the machines of a subject, real ones first."""
        return self._answer(_machines, subject)

    def revisions(self, subject: str) -> tuple[IndexedRevision, ...]:
        """Return the revisions of a subject, oldest first."""
        return self._answer(_revisions, subject)

    def benchmarks(self, subject: str) -> tuple[str, ...]:
        """Return the names of a subject's benchmarks as asv has them, sorted."""
        return self._answer(_benchmarks, subject)

    def series(self, subject: str, benchmark: str) -> tuple[Series, ...]:
        """Return the series of a benchmark, by machine and then by parameters."""
        return self._kept_as(
            (_series, subject, benchmark),
            lambda: _series(self._indexing.index, subject, benchmark, self.crashes(subject), self._frames()),
        )

    def levels(self, found: Sequence[Series]) -> tuple[tuple[Level, ...], ...]:
        """Return the levels of some series that this catalogue gave."""
        keys = tuple(one.key for one in found)
        return self._kept_as((levels_of, keys), lambda: _levels(self._indexing.index, found))

    def drawn(self, page: str, asked: str, draw: Callable[[], Answer]) -> Answer:
        """Return what a page shows for an address; `draw` it where that is not kept."""
        return self._kept_as((page, asked), draw)

    def outcomes(self, subject: str) -> tuple[OutcomeCell, ...]:
        """Return how the values of each commit on each machine ended, oldest first."""
        return self._answer(_outcomes, subject)

    def crashes(self, subject: str) -> tuple[CrashRow, ...]:
        """Return what did not end well, newest commit first."""
        return self._answer(_crashes, subject)

    def changes(self, subject: str) -> Changes:
        """Return what got worse for good in a subject, as far as it was found by now."""
        asked = (self._indexing.state.found, changes, subject)
        return self._kept_as(asked, lambda: changes(self._indexing.index, subject))

    def worst_series(
        self, subject: str, regressions: tuple[Regression, ...]
    ) -> Mapping[Regression, WorstSeries]:
        """Return where each of some regressions is worst."""
        asked = (self._indexing.state.found, worst_series, subject, regressions)
        return self._kept_as(asked, lambda: worst_series(self._indexing.index, subject, regressions))

    def some_series(self, keys: tuple[SeriesKey, ...]) -> tuple[Series, ...]:
        """Return series of any benchmarks, in the order of their keys, without how executions ended."""
        return self._answer(series, keys)

    def past(self, subject: str, machine: str, commit: str, wanted: Sequence[Place]) -> Sequence[Past]:
        """Return what is known of places before a commit, a `pagewalk.workflows.pasts.ReadPast`."""
        return self._answer(_past, subject, machine, commit, Many(wanted))

    def problems(self) -> tuple[ProblemRow, ...]:
        """Return what could not be read, by path."""
        return self._answer(_problems)

    def _frames(self) -> Frames:
        """Return the commits of machines, as far as they were read for a benchmark before."""
        return self._kept_as((Frames,), dict)

    def _answer(self, question: Callable[..., Answer], *words: Hashable) -> Answer:
        return self._kept_as((question, *words), lambda: question(self._indexing.index, *words))

    def _kept_as(self, asked: tuple[Hashable, ...], make: Callable[[], Answer]) -> Answer:
        return self._kept.get((self._indexing.state.version, *asked), make)


_subjects = queries.subjects
_machines = queries.machines
_outcomes = queries.outcomes


def _revisions(index: Index, subject: str) -> tuple[IndexedRevision, ...]:
    return queries.revisions(index, subject)


def _benchmarks(index: Index, subject: str) -> tuple[str, ...]:
    return tuple(b.name for b in queries.benchmarks(index, subject, limit=_MOST_BENCHMARKS).rows)


def _series(
    index: Index, subject: str, benchmark: str, crashes: tuple[CrashRow, ...], frames: Frames
) -> tuple[Series, ...]:
    metric = split(benchmark)[1]
    keys = series_keys(index, BenchmarkQuery(subject, benchmark), limit=_MOST_SERIES).rows
    found = series(index, keys, frames)
    # Without a description in benchmarks.json, the metric itself still tells its unit
    told = with_endings(found, crashes)
    return tuple(one if one.unit else replace(one, unit=unit_of_metric(metric)) for one in told)


def _levels(index: Index, found: Sequence[Series]) -> tuple[tuple[Level, ...], ...]:
    starts = level_starts(index, found)
    return tuple(levels_of(one, within) for one, within in zip(found, starts, strict=True))


def _past(
    index: Index, subject: str, machine: str, commit: str, wanted: tuple[Place, ...]
) -> tuple[Past, ...]:
    return tuple(pasts_of(past_in_index(index, subject, machine, commit, wanted)))


def _crashes(index: Index, subject: str) -> tuple[CrashRow, ...]:
    return queries.crashes(index, subject_name=subject, limit=_MOST_CRASHES).rows


def _problems(index: Index) -> tuple[ProblemRow, ...]:
    return queries.problems(index).rows
