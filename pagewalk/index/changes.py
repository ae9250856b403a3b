"""The lasting changes of a subject, from the searches that are stored: of all candidates those told."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from pagewalk.analysis.regressions import Change, Kind, Place, SeriesName, Size, control
from pagewalk.index.database import Index
from pagewalk.index.model import ChangeRow, IndexedRevision, SeriesKey
from pagewalk.index.schema import benchmark, change, machine, search
from pagewalk.index.searched import places
from pagewalk.index.selecting import revision_rows, subject_id
from pagewalk.model import Case


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
        revisions = list(revision_rows(connection, row).values())
        looked = select(func.sum(search.c.series)).join(benchmark, benchmark.c.id == search.c.benchmark_id)
        series = connection.execute(looked.where(benchmark.c.subject_id == row)).scalar() or 0
        candidates, keys = _candidates(connection, row, subject, revisions)
    told = control(candidates, max(int(series), len(keys)))
    return Changes(tuple(_rows(told, keys, revisions)), sum(place.fresh for place in every), len(every))


Keys = dict[SeriesName, tuple[SeriesKey, str]]
"""What the analysis calls a series, to its key and unit."""


def _candidates(
    connection: Connection, row: int, subject: str, revisions: Sequence[IndexedRevision]
) -> tuple[list[Change], Keys]:
    query = (
        select(change, benchmark.c.name, benchmark.c.unit, machine.c.name.label("machine_name"))
        .join(benchmark, benchmark.c.id == change.c.benchmark_id)
        .join(machine, machine.c.id == change.c.machine_id)
        .where(benchmark.c.subject_id == row)
        .order_by(*change.primary_key)
    )
    # names are hashed and compared tens of thousands of times: a short one a series
    names: dict[tuple[int, int, str, str, str], SeriesName] = {}
    steps = {revision.commit: step for step, revision in enumerate(revisions)}
    keys: Keys = {}
    found = []
    for one in connection.execute(query):
        if one.last_good not in steps or one.first not in steps:
            continue  # a commit whose results are gone; its place is searched anew soon
        told_by = (one.benchmark_id, one.machine_id, one.environment, one.version, one.params)
        name = names.get(told_by)
        if name is None:
            name = names[told_by] = SeriesName(one.machine_name, Case(f"{one.name} {len(names)}"), "")
            params = tuple((axis, value) for axis, value in json.loads(one.params))
            key = SeriesKey(subject, one.machine_name, one.environment, one.name, params, one.version)
            keys[name] = key, one.unit
        size = Size(one.before, one.after, one.ratio, one.low, one.high)
        found.append(Change(name, Place(steps[one.last_good], steps[one.first]), Kind(one.kind), one.p, size))
    return found, keys


def _rows(told: Sequence[Change], keys: Keys, revisions: Sequence[IndexedRevision]) -> Iterator[ChangeRow]:
    moved = Counter(one.place.at for one in told)
    for one in told:
        if one.size is None:
            continue
        key, unit = keys[one.series]
        yield ChangeRow(
            key,
            unit,
            revisions[one.place.after],
            revisions[one.place.at],
            one.size.before,
            one.size.after,
            one.p,
            one.size.severity,
            moved[one.place.at] - 1,
        )
