"""The lasting changes of a subject: those that are told of all that searches found."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pagewalk.analysis.regressions import Kind, State, severity
from pagewalk.index.answering.model import ChangeRow, IndexedRevision, Params, SeriesKey
from pagewalk.index.answering.selecting import machine_ids, revision_rows, subject_id
from pagewalk.index.changes.places import places
from pagewalk.index.database import Index
from pagewalk.index.schema import benchmark, change, revision

# Thousands of changes: to call an enumeration takes longer than all else of one
_KINDS = {kind.value: kind for kind in Kind}
_STATES = {state.value: state for state in State}


@dataclass(frozen=True, slots=True)
class Changes:
    """What is known by now.

    Args:
        rows: the changes that are told, the bad ones first and of these the most severe.
        searched: how many places (a benchmark on a machine in an environment) were searched as they are now.
        places: how many there are.
    """

    rows: tuple[ChangeRow, ...] = ()
    searched: int = 0
    places: int = 0

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be searched."""
        return self.searched == self.places


def changes(index: Index, subject: str) -> Changes:
    """Return the lasting changes of a subject, by the rule of `pagewalk regressions`.

    A place whose values have changed since it was searched counts as it was, until it is searched again.

    Raises:
        HistoryError: there is no such subject.
    """
    with index.reading() as connection:
        row = subject_id(connection, subject)
        every = places(connection, subject)
        every_one = revision_rows(connection, revision.c.subject_id == row).values()
        found = _told(connection, row)
        names = _Names.of(connection, subject, row)
    revisions = {one.commit: one for one in every_one}
    moved = Counter(one[_FIRST] for one in found)
    # a commit or a machine whose results are gone since; its place is searched anew soon
    known = (one for one in found if one[_LAST_GOOD] in revisions and one[_FIRST] in revisions)
    there = (one for one in known if one[_MACHINE] in names.machines)
    rows = [_row(one, names, revisions, moved[one[_FIRST]] - 1) for one in there]
    rows.sort(key=lambda row: (row.kind is not Kind.REGRESSED, -row.severity))
    return Changes(tuple(rows), sum(place.fresh for place in every), len(every))


_COLUMNS = (
    *("last_good", "first", "machine_id", "benchmark_id", "environment", "version", "params"),
    *("kind", "state", "before", "after", "p", "ratio"),
)
_LAST_GOOD, _FIRST, _MACHINE = range(3)


def _told(connection: Connection, subject_row: int) -> Sequence[Any]:
    """Return what is told, as `_COLUMNS`: rows by the thousand, so that names are joined to them later."""
    mine = select(benchmark.c.id).where(benchmark.c.subject_id == subject_row)
    query = select(*(change.c[name] for name in _COLUMNS)).where(
        change.c.benchmark_id.in_(mine), change.c.q.is_not(None)
    )
    return connection.execute(query.order_by(*change.primary_key)).all()


@dataclass(frozen=True, slots=True)
class _Names:
    """What the rows of a subject's benchmarks and machines are called, and series, as they are met."""

    subject: str
    benchmarks: Mapping[int, tuple[str, str]]
    machines: Mapping[int, str]
    keys: dict[tuple[int, int, str, str, str], SeriesKey]
    params: dict[str, Params]

    @classmethod
    def of(cls, connection: Connection, subject: str, subject_row: int) -> "_Names":
        query = select(benchmark.c.id, benchmark.c.name, benchmark.c.unit)
        found = connection.execute(query.where(benchmark.c.subject_id == subject_row)).all()
        named = {one.id: (one.name, one.unit) for one in found}
        return cls(subject, named, machine_ids(connection, subject_row), {}, {})

    def key(self, place: tuple[int, int, str, str, str]) -> SeriesKey:
        """Return the series of rows of benchmark and machine, environment, version and encoded parameters."""
        known = self.keys.get(place)
        if known is None:
            owner, machine, environment, version, body = place
            params = self._params(body)
            name, _ = self.benchmarks[owner]
            known = SeriesKey(self.subject, self.machines[machine], environment, name, params, version)
            self.keys[place] = known
        return known

    def _params(self, body: str) -> Params:
        """Read encoded parameters; benchmarks have the same ones again and again."""
        known = self.params.get(body)
        if known is None:
            known = self.params[body] = tuple((axis, value) for axis, value in json.loads(body))
        return known


def _row(one: Any, names: _Names, revisions: Mapping[str, IndexedRevision], others: int) -> ChangeRow:
    last_good, first, machine, owner, environment, version, params, kind, state, before, after, p, ratio = one
    return ChangeRow(
        names.key((owner, machine, environment, version, params)),
        names.benchmarks[owner][1],
        revisions[last_good],
        revisions[first],
        _KINDS[kind],
        _STATES[state],
        before,
        after,
        p,
        severity(ratio),
        others,
    )
