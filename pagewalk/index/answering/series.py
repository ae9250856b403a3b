"""Values over commits: which series there are, and one or many of them."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from pagewalk.index.answering import arrays
from pagewalk.index.answering.arrays import Block, Numbers
from pagewalk.index.answering.model import BenchmarkQuery, IndexedRevision, Page, Params, Series, SeriesKey
from pagewalk.index.answering.selecting import (
    Benchmark,
    Family,
    find_benchmark,
    machine_ids,
    revision_rows,
    subject_id,
)
from pagewalk.index.database import Index
from pagewalk.index.schema import CASES_A_CHUNK, chunk, coverage, revision, source_file
from pagewalk.index.states import ABSENT, CODES, OK, STATES

MOST_CASES = 100_000
"""Cases of one benchmark that are listed; a hostile file may claim millions."""


def series_keys(
    index: Index, wanted: BenchmarkQuery, *, offset: int = 0, limit: int = 100
) -> Page[SeriesKey]:
    """Return the series of a benchmark, by machine, environment and case.

    Raises:
        HistoryError: there is no such subject.
    """
    with index.reading() as connection:
        row = subject_id(connection, wanted.subject)
        found = find_benchmark(connection, row, wanted.benchmark, wanted.version)
        if found is None:
            return Page((), 0, offset)
        machines = machine_ids(connection, row, wanted.machines)
        places = select(coverage.c.family_id, coverage.c.machine_id, coverage.c.environment).where(
            coverage.c.family_id.in_([f.id for f in found.families]), coverage.c.machine_id.in_(machines)
        )
        by_place = defaultdict(list)
        for entry in connection.execute(places):
            by_place[machines[entry.machine_id], entry.environment].append(entry.family_id)
    by_id = {f.id: f for f in found.families}
    keys = [
        SeriesKey(wanted.subject, machine_name, environment, found.name, params, found.version)
        for (machine_name, environment), ids in sorted(by_place.items())
        for params in _cases(found, [by_id[i] for i in ids], wanted.where)
    ]
    return Page(tuple(keys[offset : offset + limit]), len(keys), offset)


def _cases(found: Benchmark, families: Sequence[Family], where: Mapping[str, str]) -> Iterator[Params]:
    every = itertools.chain.from_iterable(itertools.islice(f.layout, MOST_CASES) for f in families)
    for values in dict.fromkeys(every):
        params = found.params(values)
        if where.items() <= dict(params).items():
            yield params


def series(index: Index, keys: Sequence[SeriesKey], frames: "Frames | None" = None) -> tuple[Series, ...]:
    """Return series, in the order of the keys; a key that nothing is known of gives one without commits.

    Args:
        frames: what earlier calls have read of commits; grows. What they are named, and which comes after
            which, is of that time.

    Raises:
        HistoryError: there is no such subject.
    """
    with index.reading() as connection:
        return series_of(connection, keys, frames)


def series_of(
    connection: Connection, keys: Sequence[SeriesKey], frames: "Frames | None" = None
) -> tuple[Series, ...]:
    """Do the work of `series` on an open connection."""
    groups: dict[tuple[str, ...], list[SeriesKey]] = defaultdict(list)
    for key in keys:
        groups[key.subject, key.machine, key.environment, key.benchmark, key.version].append(key)
    frames = {} if frames is None else frames
    found = {key: s for group in groups.values() for key, s in _group(connection, group, frames)}
    return tuple(found[key] for key in keys)


@dataclass(frozen=True, slots=True)
class Frame:
    """The commits that have results of a machine in an environment, oldest first.

    Args:
        rows: places among the revisions, by row.
    """

    revisions: tuple[IndexedRevision, ...]
    rows: Mapping[int, int]

    def holds(self, block: Block) -> bool:
        """Whether it was read late enough to know all commits of some chunks."""
        return self.rows.keys() >= set(block.revisions.tolist())


Frames = dict[tuple[int, str], Frame]
"""Those that were read, by row of the machine and environment: all benchmarks of a subject share them."""


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """Chunks, and where in a frame their files stand: worked out once for all cases that they hold.

    Args:
        at: place of each file's commit in the frame.
        alone: whether no two files speak of one commit, so that none hides another.
    """

    block: Block
    at: NDArray[np.intp]
    alone: bool

    @classmethod
    def on(cls, frame: Frame, block: Block) -> "_Laid":
        at = np.array([frame.rows[revision] for revision in block.revisions.tolist()], dtype=np.intp)
        return cls(block, at, np.unique(at).size == at.size)


def _group(
    connection: Connection, keys: Sequence[SeriesKey], frames: Frames
) -> Iterator[tuple[SeriesKey, Series]]:
    """Read series of one benchmark on one machine: each chunk once, whatever number of its cases is asked."""
    first = keys[0]
    row = subject_id(connection, first.subject)
    benchmark = find_benchmark(connection, row, first.benchmark, first.version)
    machines = list(machine_ids(connection, row, [first.machine]))
    if benchmark is None or not machines:
        for key in keys:
            yield key, _column(connection, key, "", Frame((), {}), ())
        return
    where = machines[0], first.environment
    places = [(f, _place(f, key), key) for key in keys for f in benchmark.families]
    wanted = {(f.id, place // CASES_A_CHUNK) for f, place, _ in places if place is not None}
    blocks = {at: block for at in sorted(wanted) for block in _read(connection, at, *where)}
    frame = frames.get(where)
    if frame is None or not all(map(frame.holds, blocks.values())):
        frame = frames[where] = _frame(connection, *where)
    read = {at: _Laid.on(frame, block) for at, block in blocks.items()}
    columns = defaultdict(list)
    for f, place, key in places:
        laid = None if place is None else read.get((f.id, place // CASES_A_CHUNK))
        if laid is not None and place is not None:
            columns[key].append((laid, place % CASES_A_CHUNK))
    for key in keys:
        yield key, _column(connection, key, benchmark.unit, frame, columns[key])


def _place(family: Family, key: SeriesKey) -> int | None:
    return family.layout.place(tuple(value for _, value in key.params))


def _frame(connection: Connection, machine: int, environment: str) -> Frame:
    files = (
        select(source_file.c.revision_id)
        .where(source_file.c.machine_id == machine, source_file.c.environment == environment)
        .scalar_subquery()
    )
    found = revision_rows(connection, revision.c.id.in_(files))
    rows = {row: place for place, row in enumerate(found)}
    return Frame(tuple(found.values()), rows)


def _read(connection: Connection, at: tuple[int, int], machine: int, environment: str) -> list[Block]:
    family, part = at
    query = arrays.chunks().where(
        chunk.c.family_id == family,
        chunk.c.part == part,
        source_file.c.machine_id == machine,
        source_file.c.environment == environment,
    )
    return arrays.blocks(connection, query)


def _column(
    connection: Connection, key: SeriesKey, unit: str, frame: Frame, columns: Sequence[tuple[_Laid, int]]
) -> Series:
    length = len(frame.revisions)
    values, low, high = (np.full(length, np.nan) for _ in range(3))
    states = np.full(length, CODES[ABSENT], dtype=np.uint8)
    interval, newest = "", None
    if columns:
        at = np.concatenate([laid.at for laid, _ in columns])
        codes = np.concatenate([laid.block.states[:, place] for laid, place in columns])
        order = _order(columns, codes)
        for target, name in ((values, "values"), (low, "low"), (high, "high"), (states, "states")):
            taken: Numbers = np.concatenate([getattr(laid.block, name)[:, place] for laid, place in columns])
            target[at[order]] = taken[order]
        good = order[codes[order] == CODES[OK]]
        good = good if good.size else order
        # of two files that speak of the newest commit, the one that was laid on top
        interval, newest = _note(columns, int(good[::-1][at[good][::-1].argmax()]))
    return Series(
        key,
        unit,
        frame.revisions,
        values,
        low,
        high,
        tuple(_NAMES[states].tolist()),
        interval,
        arrays.provenance_at(connection, newest),
    )


_NAMES = np.array(STATES, dtype=object)


def _order(columns: Sequence[tuple[_Laid, int]], codes: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return the order in which values are laid over each other."""
    if len(columns) == 1 and columns[0][0].alone:
        return np.arange(codes.size)
    return arrays.strongest_last(np.concatenate([laid.block.ranks for laid, _ in columns]), codes)


def _note(columns: Sequence[tuple[_Laid, int]], row: int) -> tuple[str, int | None]:
    """Return the kind of interval and the provenance of one value, by its place in all columns together."""
    for laid, _ in columns:
        if row < laid.at.size:
            return laid.block.intervals[row], laid.block.provenances[row]
        row -= laid.at.size
    raise IndexError(row)
