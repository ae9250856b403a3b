"""The values of earlier commits from the index: as `workflows.pasts` reads them from files, but quickly."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, select

from pagewalk.analysis.past import Place
from pagewalk.index import layouts
from pagewalk.index.answering.arrays import Numbers
from pagewalk.index.answering.model import Params
from pagewalk.index.answering.selecting import machine_ids, named, names_of, subject_id
from pagewalk.index.database import Index
from pagewalk.index.files import RESULT
from pagewalk.index.layouts import Layout
from pagewalk.index.schema import CASES_A_CHUNK, benchmark, chunk, family, layout, revision, source_file
from pagewalk.workflows.pasts import MOST

_TRACK = "track_"
_SOME = 500
"""Names of a statement: SQLite takes 999 on old systems."""
_AT_ONCE = 1_000
"""Rows that are fetched together."""
_NEAR = 4
"""Rows passed over for each that is read, up to which all between the first and the last are looked at."""


Rows = Mapping[tuple[str, str], Mapping[Params, int]]
"""Where a series stands in the answer: by workload and metric, then by parameters."""


@dataclass(frozen=True, slots=True, eq=False)
class _Family:
    """A family with the series that are wanted of it.

    Args:
        rows: of these series, by their parameters.
    """

    rows: Mapping[Params, int]
    names: tuple[str, ...]
    layout: Layout

    def places(self, first: int, count: int) -> NDArray[np.int64]:
        """Return the rows of some of its cases, in their order; −1 for those that are not wanted."""
        cases = (named(self.names, self.layout.values(number)) for number in range(first, first + count))
        return np.array([self.rows.get(params, -1) for params in cases], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Chunks of one family and part.

    Args:
        columns: places of their files in the order of commits (files,).
        values: (files, cases); NaN where there is none.
    """

    family: int
    part: int
    columns: NDArray[np.int64]
    values: Numbers


def past_in_index(index: Index, subject: str, machine: str, commit: str, wanted: Sequence[Place]) -> Numbers:
    """Return the values of the commits before one, as `pagewalk.workflows.pasts.past_in_files` does.

    Raises:
        HistoryError: the index has no such subject.
    """
    if not wanted:
        return np.empty((0, 0))
    rows = _rows(wanted)
    with index.reading() as connection:
        row = subject_id(connection, subject)
        machines = list(machine_ids(connection, row, [machine]))
        files = _files(connection, row, machines, commit)
        families = _families(connection, row, rows)
        blocks = list(_blocks(connection, files, families))
    found = np.full((len(wanted), len(files)), np.nan)
    for block in blocks:
        into = families[block.family].places(block.part * CASES_A_CHUNK, block.values.shape[1])
        known = into >= 0
        found[np.ix_(into[known], block.columns)] = block.values.T[known]
    return found


def _rows(wanted: Sequence[Place]) -> Rows:
    rows: dict[tuple[str, str], dict[Params, int]] = defaultdict(dict)
    for row, (_, case, metric) in enumerate(wanted):
        rows[case.benchmark, metric][case.params] = row
    return rows


def _files(connection: Connection, subject: int, machines: Sequence[int], commit: str) -> list[int]:
    """Return the last result files before a commit, oldest first, of the environments it was measured in."""
    results = (
        select(source_file.c.id, source_file.c.date, source_file.c.environment)
        .where(source_file.c.machine_id.in_(machines), source_file.c.kind == RESULT)
        .join(revision, revision.c.id == source_file.c.revision_id)
    )
    own = revision.c.commit_hash == commit, revision.c.subject_id == subject
    mine = connection.execute(results.where(*own).order_by(source_file.c.path)).all()
    if not mine or mine[0].date is None:
        return []
    before = (
        results.where(source_file.c.date < mine[0].date)
        .where(source_file.c.environment.in_({one.environment for one in mine}))
        .order_by(source_file.c.date.desc(), source_file.c.path.desc())
        .limit(MOST)
    )
    return [one.id for one in reversed(connection.execute(before).all())]


def _families(connection: Connection, subject: int, wanted: Rows) -> dict[int, _Family]:
    """Return the families of current versions: others are other series."""
    query = (
        select(family.c.id, benchmark.c.name, benchmark.c.param_names, layout.c.body)
        .join(benchmark, benchmark.c.id == family.c.benchmark_id)
        .join(layout, layout.c.id == family.c.layout_id)
        .where(benchmark.c.subject_id == subject, family.c.version.in_(["", benchmark.c.version]))
    )
    found = {}
    for row in connection.execute(query):
        workload, _, attribute = row.name.rpartition(".")
        rows = wanted.get((workload, attribute.removeprefix(_TRACK)))
        if rows is not None:
            found[row.id] = _Family(rows, names_of(row.param_names), layouts.decode(row.body))
    return found


def _blocks(
    connection: Connection, files: Sequence[int], families: Mapping[int, _Family]
) -> Iterator[_Block]:
    """Yield what is stored of families in files, a family and part at a time."""
    # Without states: what is not ok is NaN in a result file
    columns = (chunk.c.family_id, chunk.c.file_id, chunk.c.value)
    # In the order of the table, and so from its primary key: by their files, rows lie far from each other
    query = select(*columns).where(_one_of(files)).order_by(*columns[:2])
    order = {file: step for step, file in enumerate(files)}
    for part, some in _ranges(families):
        narrowed = query.where(chunk.c.family_id.in_(some), chunk.c.part == part)
        # Some at once: Python's collector looks at each of forty thousand that are there together
        rows = chain.from_iterable(connection.execute(narrowed).partitions(_AT_ONCE))
        for family_row, chunks in groupby(rows, itemgetter(0)):
            _, of, values = zip(*chunks, strict=True)
            numbers: Numbers = np.frombuffer(b"".join(values), dtype="<f8").reshape(len(values), -1)
            yield _Block(family_row, part, np.array([order[file] for file in of]), numbers)


def _one_of(files: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that chunks are of some files.

    To seek a row takes ten times as long as to pass one over. Files that were indexed one after the other, as
    those of commits mostly are, lie side by side.
    """
    rows = chunk.c.file_id
    first, last = min(files, default=0), max(files, default=0)
    if last - first > _NEAR * len(files):
        return rows.in_(files)
    near = rows.between(first, last)
    return near if last - first < len(files) else and_(near, (rows + 0).in_(files))


def _ranges(families: Mapping[int, _Family]) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield each part with families that have it, no more of them than a statement takes."""
    part, having = 0, sorted(families)
    while having := [row for row in having if len(families[row].layout) > part * CASES_A_CHUNK]:
        for first in range(0, len(having), _SOME):
            yield part, having[first : first + _SOME]
        part += 1
