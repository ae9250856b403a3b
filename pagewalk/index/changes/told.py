"""What got worse in a subject and is so still: the regressions among the lasting changes that are told."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pagewalk.analysis.regressions import Kind, State, severity
from pagewalk.index.answering.model import IndexedRevision, Regression, SeriesKey
from pagewalk.index.answering.selecting import machine_ids, revision_rows, subject_id
from pagewalk.index.changes.places import places
from pagewalk.index.database import Index
from pagewalk.index.schema import benchmark, change, revision


@dataclass(frozen=True, slots=True)
class Changes:
    """What is known by now.

    Args:
        regressions: the most severe first.
        searched: how many places (a benchmark on a machine in an environment) were searched as they are now.
        places: how many there are.
    """

    regressions: tuple[Regression, ...] = ()
    searched: int = 0
    places: int = 0

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be searched."""
        return self.searched == self.places


def changes(index: Index, subject: str) -> Changes:
    """Return what got worse for good in a subject, by the rule of `pagewalk regressions`.

    A place whose values have changed since it was searched counts as it was, until it is searched again.

    Raises:
        HistoryError: there is no such subject.
    """
    with index.reading() as connection:
        row = subject_id(connection, subject)
        every = places(connection, subject)
        found = _told(connection, row)
        names = _Names.of(connection, subject, row)
    # Of thousands of series that moved, only the worst one of each benchmark and commit is made a value
    there = [one for one in found if names.know(one)]
    regressions = tuple(names.regression(members) for members in _together(there))
    return Changes(regressions, sum(place.fresh for place in every), len(every))


_COLUMNS = (
    *("first", "benchmark_id", "machine_id", "last_good"),
    *("environment", "version", "params", "before", "after", "ratio"),
)
_FIRST, _BENCHMARK, _MACHINE, _LAST_GOOD, *_, _RATIO = range(len(_COLUMNS))


def _told(connection: Connection, subject_row: int) -> Sequence[Any]:
    """Return the series that got worse, as `_COLUMNS`; names are joined to them later."""
    mine = select(benchmark.c.id).where(benchmark.c.subject_id == subject_row)
    query = select(*(change.c[name] for name in _COLUMNS)).where(
        change.c.benchmark_id.in_(mine),
        change.c.q.is_not(None),
        change.c.kind == Kind.REGRESSED.value,
        change.c.state != State.UNDONE.value,
    )
    return connection.execute(query.order_by(*change.primary_key)).all()


def _together(rows: Iterable[Any]) -> Iterable[Sequence[Any]]:
    """Return the series of a benchmark that moved at the same commit, the most severe ones first."""
    groups: dict[tuple[str, int], list[Any]] = {}
    for one in sorted(rows, key=lambda row: -severity(row[_RATIO])):
        groups.setdefault((one[_FIRST], one[_BENCHMARK]), []).append(one)
    return groups.values()


@dataclass(frozen=True, slots=True)
class _Names:
    """What the rows of a subject are called: benchmarks with their units, machines, and its commits."""

    subject: str
    benchmarks: Mapping[int, tuple[str, str]]
    machines: Mapping[int, str]
    revisions: Mapping[str, IndexedRevision]

    @classmethod
    def of(cls, connection: Connection, subject: str, subject_row: int) -> "_Names":
        query = select(benchmark.c.id, benchmark.c.name, benchmark.c.unit)
        found = connection.execute(query.where(benchmark.c.subject_id == subject_row)).all()
        named = {one.id: (one.name, one.unit) for one in found}
        revisions = revision_rows(connection, revision.c.subject_id == subject_row).values()
        by_commit = {one.commit: one for one in revisions}
        return cls(subject, named, machine_ids(connection, subject_row), by_commit)

    def know(self, row: Any) -> bool:
        """Return whether commits and machine still have results; their place is searched anew soon."""
        return (
            row[_LAST_GOOD] in self.revisions
            and row[_FIRST] in self.revisions
            and row[_MACHINE] in self.machines
        )

    def regression(self, rows: Sequence[Any]) -> Regression:
        """Return the series of a benchmark that got worse at a commit as one; the first is the worst."""
        first, owner, machine, last_good, environment, version, params, before, after, ratio = rows[0]
        name, unit = self.benchmarks[owner]
        named = tuple((axis, value) for axis, value in json.loads(params))
        return Regression(
            SeriesKey(self.subject, self.machines[machine], environment, name, named, version),
            unit,
            self.revisions[last_good],
            self.revisions[first],
            before,
            after,
            severity(ratio),
            tuple(dict.fromkeys(self.machines[row[_MACHINE]] for row in rows)),
            len(rows),
        )
