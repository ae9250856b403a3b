"""All cases of a benchmark at one commit: what a curve over a parameter draws."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, select

from pagewalk.index.answering import arrays
from pagewalk.index.answering.arrays import Block
from pagewalk.index.answering.model import BenchmarkQuery, IndexedRevision, Sweep
from pagewalk.index.answering.selecting import Benchmark, as_revision, find_benchmark, machine_ids, subject_id
from pagewalk.index.database import Index
from pagewalk.index.layouts import Values
from pagewalk.index.schema import CASES_A_CHUNK, chunk, revision, source_file
from pagewalk.index.states import CODES, NOT_RUN, STATES

MOST_PARTS = 40
"""Chunks of one benchmark in one file that are read: ten thousand cases are more than a curve can show."""


def sweep(index: Index, wanted: BenchmarkQuery, commit: str) -> tuple[Sweep, ...]:
    """Return one sweep a machine and environment, by name; none where nothing is known.

    Raises:
        HistoryError: there is no such subject.
    """
    with index.reading() as connection:
        row = subject_id(connection, wanted.subject)
        found = find_benchmark(connection, row, wanted.benchmark, wanted.version)
        at = connection.execute(
            select(revision).where(revision.c.subject_id == row, revision.c.commit_hash == commit)
        ).first()
        if found is None or at is None:
            return ()
        machines = machine_ids(connection, row, wanted.machines)
        read = _read(connection, found, at.id, list(machines))
    by_place: dict[tuple[int, str], list[tuple[Block, int]]] = defaultdict(list)
    for block in read:
        for i, environment in enumerate(block.environments):
            by_place[int(block.machines[i]), environment].append((block, i))
    sweeps = [
        _sweep(found, machines[machine], environment, as_revision(at), rows)
        for (machine, environment), rows in by_place.items()
    ]
    return tuple(sorted(sweeps, key=lambda one: (one.machine, one.environment)))


def _read(connection: Connection, found: Benchmark, at: int, machines: Sequence[int]) -> list[Block]:
    most = max((len(f.layout) for f in found.families), default=0)
    parts = range(min(-(-most // CASES_A_CHUNK), MOST_PARTS))
    files = select(source_file.c.id).where(
        source_file.c.revision_id == at, source_file.c.machine_id.in_(machines)
    )
    ids = list(connection.execute(files).scalars())
    query = arrays.chunks().where(
        chunk.c.family_id.in_([f.id for f in found.families]),
        chunk.c.part.in_(parts),
        chunk.c.file_id.in_(ids),
    )
    return arrays.blocks(connection, query)


def _sweep(
    found: Benchmark,
    machine: str,
    environment: str,
    at: IndexedRevision,
    rows: Sequence[tuple[Block, int]],
) -> Sweep:
    layouts = {f.id: f.layout for f in found.families}
    cells: dict[Values, tuple[int, float, float, float, int]] = {}
    strength: dict[Values, tuple[bool, float]] = {}
    for block, i in rows:
        first = block.part * CASES_A_CHUNK
        for step in range(block.values.shape[1]):
            values = layouts[block.family].values(first + step)
            rank = (bool(block.states[i, step] != CODES[NOT_RUN]), float(block.ranks[i]))
            if values in strength and strength[values] >= rank:
                continue
            strength[values] = rank
            value, low, high = (float(one[i, step]) for one in (block.values, block.low, block.high))
            cells[values] = (first + step, value, low, high, int(block.states[i, step]))
    ordered = sorted(cells, key=lambda values: cells[values][0])
    numbers = np.array([cells[values][1:4] for values in ordered], dtype=np.float64).reshape(-1, 3)
    return Sweep(
        machine,
        environment,
        at,
        found.unit,
        tuple(found.params(values) for values in ordered),
        numbers[:, 0],
        numbers[:, 1],
        numbers[:, 2],
        tuple(STATES[cells[values][4]] for values in ordered),
    )
