"""What got worse in a subject and is so still: the regressions among the lasting changes that are told."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from pagewalk.analysis.regressions import Kind, State, severity
from pagewalk.index.answering.model import IndexedRevision, Regression, SeriesKey, WorstSeries
from pagewalk.index.answering.selecting import revision_columns, subject_id
from pagewalk.index.changes.places import places
from pagewalk.index.database import Index
from pagewalk.index.schema import benchmark, change, machine, revision


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
        found = _regressions(connection, row)
    return Changes(tuple(found), sum(place.fresh for place in every), len(every))


def worst_series(
    index: Index, subject: str, regressions: Collection[Regression]
) -> dict[Regression, WorstSeries]:
    """Return where each of some regressions is worst; one that is told no more since is left out.

    Args:
        regressions: some dozens at most.

    Raises:
        HistoryError: there is no such subject.
    """
    asked = {(one.benchmark, one.first.commit): one for one in regressions}
    with index.reading() as connection:
        row = subject_id(connection, subject)
        query = _worst(row, {name for name, _ in asked})
        rows = connection.execute(query.where(change.c.first.in_({commit for _, commit in asked}))).all()
    worst: dict[Regression, Any] = {}
    for one in rows:
        regression = asked.get((one.benchmark_name, one.first))
        if regression and (
            regression not in worst or severity(one.ratio) > severity(worst[regression].ratio)
        ):
            worst[regression] = one
    return {regression: _series(subject, one) for regression, one in worst.items()}


def _standing(subject_row: int, *of: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of a series that got worse and is so still.

    Args:
        of: what holds of its benchmark.
    """
    mine = select(benchmark.c.id).where(benchmark.c.subject_id == subject_row, *of)
    # a commit whose results are gone since; its place is searched anew soon
    commits = select(revision.c.commit_hash).where(revision.c.subject_id == subject_row)
    return (
        change.c.benchmark_id.in_(mine),
        change.c.q.is_not(None),
        change.c.kind == Kind.REGRESSED.value,
        change.c.state != State.UNDONE.value,
        change.c.last_good.in_(commits),
    )


def _regressions(connection: Connection, subject_row: int) -> list[Regression]:
    """Return them, the most severe first.

    Thousands of series move at some hundreds of commits: only how far, of each benchmark on each machine, is
    read of them.
    """
    together = change.c.first, change.c.benchmark_id, change.c.machine_id
    extent = func.min(change.c.ratio).label("least"), func.max(change.c.ratio).label("greatest")
    moved = (
        select(*together, *extent, func.count().label("series"))
        .where(*_standing(subject_row))
        .group_by(*together)
        .subquery()
    )
    query = (
        select(benchmark.c.name, machine.c.name, moved.c.least, moved.c.greatest, moved.c.series)
        .join(benchmark, benchmark.c.id == moved.c.benchmark_id)
        .join(machine, machine.c.id == moved.c.machine_id)
        .join(revision, _is_commit(moved.c.first, subject_row))
        .add_columns(*revision_columns())
        .order_by(moved.c.benchmark_id, moved.c.machine_id, moved.c.first)
    )
    groups: dict[tuple[str, IndexedRevision], list[tuple[float, str, int]]] = {}
    for name, where, least, greatest, series, *first in connection.execute(query).all():
        away = max(severity(least), severity(greatest))
        groups.setdefault((name, IndexedRevision(*first)), []).append((away, where, series))
    found = [_regression(name, first, machines) for (name, first), machines in groups.items()]
    return sorted(found, key=lambda one: -one.severity)


def _regression(name: str, first: IndexedRevision, machines: list[tuple[float, str, int]]) -> Regression:
    ordered = sorted(machines, key=lambda one: -one[0])
    names = tuple(where for _, where, _ in ordered)
    return Regression(name, first, ordered[0][0], names, sum(series for *_, series in machines))


def _worst(subject_row: int, benchmarks: Collection[str]) -> Select[Any]:
    """Return the query that `_series` reads, to be narrowed."""
    names = benchmark.c.name.label("benchmark_name"), benchmark.c.unit, machine.c.name.label("machine_name")
    columns = ("first", "environment", "version", "params", "before", "after", "ratio")
    return (
        select(*names, *(change.c[column] for column in columns))
        .join(benchmark, benchmark.c.id == change.c.benchmark_id)
        .join(machine, machine.c.id == change.c.machine_id)
        .join(revision, _is_commit(change.c.last_good, subject_row))
        .add_columns(*revision_columns())
        .where(*_standing(subject_row, benchmark.c.name.in_(benchmarks)))
        .order_by(*change.primary_key)
    )


def _series(subject: str, row: Any) -> WorstSeries:
    params = tuple((axis, value) for axis, value in json.loads(row.params))
    last_good = IndexedRevision(*row[-len(revision_columns()) :])
    key = SeriesKey(subject, row.machine_name, row.environment, row.benchmark_name, params, row.version)
    return WorstSeries(key, row.unit, last_good, row.before, row.after)


def _is_commit(column: ColumnElement[str], subject_row: int) -> ColumnElement[bool]:
    return and_(revision.c.subject_id == subject_row, revision.c.commit_hash == column)
