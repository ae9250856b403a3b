"""The values of earlier commits from the index: as `workflows.pasts` reads them from files, but quickly."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from pagewalk.analysis.past import Place
from pagewalk.index import layouts
from pagewalk.index.answering.arrays import Numbers
from pagewalk.index.answering.model import Params
from pagewalk.index.answering.selecting import machine_ids, named, names_of, subject_id
from pagewalk.index.database import Index
from pagewalk.index.files import RESULT
from pagewalk.index.layouts import Layout
from pagewalk.index.schema import benchmark, family, layout, revision, roster, sheet, source_file
from pagewalk.workflows.pasts import MOST

_TRACK = "track_"
_FEW = 1000
"""Cases of a family, whose parameters are kept."""

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

    def places(self) -> Iterator[int]:
        """Yield the rows of its cases, in their order; −1 for those that are not wanted."""
        few = len(self.layout) <= _FEW
        return map(self.rows.get, (_kept_params if few else _params)(self.names, self.layout), repeat(-1))


def _params(names: tuple[str, ...], cases: Layout) -> Sequence[Params]:
    return [named(names, values) for values in cases]


# Question after question asks for the same ones; those of a hostile benchmark with millions are not kept
_kept_params = lru_cache(maxsize=4096)(_params)


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
        sheets = _sheets(connection, files)
        rosters = _rosters(connection, sheets)
    columns = {file: column for column, file in enumerate(files)}
    found = np.full((len(files), len(wanted)), np.nan)
    for number, values in sheets.items():
        into = _places(rosters[number], families)
        known = np.flatnonzero(into >= 0)
        some = into[known]
        # Commit by commit: each is small enough for the processor's cache, all together are not
        for file, value in values:
            found[columns[file], some] = np.frombuffer(value, dtype="<f8")[known]
    return found.T


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
    for number, name, names, body in connection.execute(query).all():
        workload, _, attribute = name.rpartition(".")
        rows = wanted.get((workload, attribute.removeprefix(_TRACK)))
        if rows is not None:
            found[number] = _Family(rows, names_of(names), layouts.decode(body))
    return found


def _sheets(connection: Connection, files: Sequence[int]) -> dict[int, list[tuple[int, bytes]]]:
    """Return file and values of all that is stored of some files, by their rosters."""
    found: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    query = select(sheet.c.roster_id, sheet.c.file_id, sheet.c.value).where(sheet.c.file_id.in_(files))
    for number, file, value in connection.execute(query).all():
        found[number].append((file, value))
    return found


def _rosters(connection: Connection, wanted: Collection[int]) -> dict[int, NDArray[np.int32]]:
    """Return family and number of cases of each entry of some rosters (families, 2)."""
    query = select(roster.c.id, roster.c.families).where(roster.c.id.in_(wanted))
    return {row: np.frombuffer(body, dtype="<i4").reshape(-1, 2) for row, body in connection.execute(query)}


def _places(entries: NDArray[np.int32], families: Mapping[int, _Family]) -> NDArray[np.int64]:
    """Return where the values of a sheet belong in the answer; −1 for those that are not wanted (cases,)."""
    places = (
        families[row].places() if row in families else repeat(-1, cases) for row, cases in entries.tolist()
    )
    return np.fromiter(chain.from_iterable(places), dtype=np.int64)
