"""The lasting changes of a subject: those that are told of all that searches found."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pagewalk.analysis.regressions import Kind, State, severity
from pagewalk.index.answering.model import ChangeRow, IndexedRevision, SeriesKey
from pagewalk.index.answering.selecting import revision_rows, subject_id
from pagewalk.index.changes.places import places
from pagewalk.index.database import Index
from pagewalk.index.schema import benchmark, change, machine

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
        revisions = {one.commit: one for one in revision_rows(connection, row).values()}
        found = _told(connection, row)
    # a commit whose results are gone since; its place is searched anew soon
    known = [one for one in found if one.last_good in revisions and one.first in revisions]
    rows = [
        (one.kind != Kind.REGRESSED, row)
        for one, row in zip(known, _rows(subject, known, revisions), strict=True)
    ]
    rows.sort(key=lambda pair: (pair[0], -pair[1].severity))
    return Changes(tuple(row for _, row in rows), sum(place.fresh for place in every), len(every))


def _told(connection: Connection, subject_row: int) -> list[Any]:
    query = (
        select(change, benchmark.c.name, benchmark.c.unit, machine.c.name.label("machine_name"))
        .join(benchmark, benchmark.c.id == change.c.benchmark_id)
        .join(machine, machine.c.id == change.c.machine_id)
        .where(benchmark.c.subject_id == subject_row, change.c.q.is_not(None))
        .order_by(*change.primary_key)
    )
    return list(connection.execute(query))


def _rows(subject: str, told: Sequence[Any], revisions: dict[str, IndexedRevision]) -> Iterator[ChangeRow]:
    moved = Counter(one.first for one in told)
    keys: dict[tuple[int, int, str, str, str], SeriesKey] = {}
    for one in told:
        name = (one.benchmark_id, one.machine_id, one.environment, one.version, one.params)
        key = keys.get(name)
        if key is None:
            params = tuple((axis, value) for axis, value in json.loads(one.params))
            key = SeriesKey(subject, one.machine_name, one.environment, one.name, params, one.version)
            keys[name] = key
        yield ChangeRow(
            key,
            one.unit,
            revisions[one.last_good],
            revisions[one.first],
            _KINDS[one.kind],
            _STATES[one.state],
            one.before,
            one.after,
            one.p,
            severity(one.ratio),
            moved[one.first] - 1,
        )
