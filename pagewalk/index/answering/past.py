"""The values of earlier commits from the index: as `workflows.pasts` reads them from files, but quickly."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from pagewalk.index import layouts
from pagewalk.index.answering.arrays import Numbers
from pagewalk.index.answering.selecting import machine_ids, named, names_of, subject_id
from pagewalk.index.database import Index
from pagewalk.index.files import RESULT
from pagewalk.index.layouts import Layout
from pagewalk.index.schema import CASES_A_CHUNK, benchmark, chunk, family, layout, revision, source_file
from pagewalk.model import Case
from pagewalk.workflows.pasts import MOST, Pasts, Place

_TRACK = "track_"
_SOME = 500
"""Names of a statement: SQLite takes 999 on old systems."""


_Chunk = tuple[int, bytes, bytes | None]
"""Place of its file in the order of commits, values, and states where one is not ok."""
_Column = tuple[NDArray[np.int64], Numbers]
"""Places of files in the order of their commits, ascending, and a value of each."""


@dataclass(frozen=True, slots=True)
class _Family:
    workload: str
    metric: str
    names: tuple[str, ...]
    layout: Layout


def past_in_index(index: Index, subject: str, machine: str, commit: str, wanted: Set[Place]) -> Pasts:
    """Read the past from the index, a `pagewalk.workflows.pasts.ReadPast` once index and subject are given.

    Raises:
        HistoryError: the index has no such subject.
    """
    if not wanted:
        return {}
    with index.reading() as connection:
        row = subject_id(connection, subject)
        machines = list(machine_ids(connection, row, [machine]))
        files = _files(connection, row, machines, commit)
        families = _families(connection, row, {(case.benchmark, metric) for _, case, metric in wanted})
        rows = _rows(connection, files, families)
    columns: dict[Place, list[_Column]] = defaultdict(list)
    for (family_row, part), chunks in rows.items():
        for place, column in _columns(families[family_row], machine, part, chunks, wanted):
            columns[place].append(column)
    return {place: _joined(parts) for place, parts in columns.items()}


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


def _families(connection: Connection, subject: int, wanted: Set[tuple[str, str]]) -> dict[int, _Family]:
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
        metric = attribute.removeprefix(_TRACK)
        if (workload, metric) in wanted:
            found[row.id] = _Family(workload, metric, names_of(row.param_names), layouts.decode(row.body))
    return found


def _rows(
    connection: Connection, files: Sequence[int], families: Mapping[int, _Family]
) -> Mapping[tuple[int, int], Sequence[_Chunk]]:
    """Return place of the file, values and states by family and part, oldest file first."""
    columns = (chunk.c.family_id, chunk.c.part, chunk.c.file_id, chunk.c.value, chunk.c.state)
    # In the order of the table, and so from its primary key: by their files, rows lie far from each other
    query = select(*columns).where(chunk.c.file_id.in_(files)).order_by(*columns[:3])
    order = {file: step for step, file in enumerate(files)}
    found: dict[tuple[int, int], list[_Chunk]] = defaultdict(list)
    for part, some in _ranges(families):
        narrowed = query.where(chunk.c.family_id.in_(some), chunk.c.part == part)
        for family_row, _, file, value, state in connection.execute(narrowed).all():
            found[family_row, part].append((order[file], value, state))
    return {place: sorted(chunks, key=itemgetter(0)) for place, chunks in found.items()}


def _ranges(families: Mapping[int, _Family]) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield each part with families that have it, no more of them than a statement takes."""
    part, having = 0, sorted(families)
    while having := [row for row in having if len(families[row].layout) > part * CASES_A_CHUNK]:
        for first in range(0, len(having), _SOME):
            yield part, having[first : first + _SOME]
        part += 1


def _columns(
    family: _Family, machine: str, part: int, chunks: Sequence[_Chunk], wanted: Set[Place]
) -> Iterator[tuple[Place, _Column]]:
    shape = (len(chunks), -1)
    values: Numbers = np.frombuffer(b"".join(value for _, value, _ in chunks), dtype="<f8").reshape(shape)
    cases = values.shape[1]
    if any(state for _, _, state in chunks):
        states = b"".join(state or bytes(cases) for _, _, state in chunks)
        values = np.where(np.frombuffer(states, dtype=np.uint8).reshape(shape) == 0, values, np.nan)
    steps = np.array([step for step, _, _ in chunks], dtype=np.int64)
    for number, column in enumerate(np.ascontiguousarray(values.T)):
        params = named(family.names, family.layout.values(part * CASES_A_CHUNK + number))
        place = (machine, Case(family.workload, params), family.metric)
        if place in wanted:
            yield place, (steps, column)


def _joined(parts: Sequence[_Column]) -> Numbers:
    """Return the values of several families in the order of their files."""
    values = parts[0][1]
    if len(parts) > 1:
        order = np.argsort(np.concatenate([steps for steps, _ in parts]), kind="stable")
        values = np.concatenate([column for _, column in parts])[order]
    known: Numbers = values[np.isfinite(values)]
    return known
