"""Stored chunks as matrices: a row a file, a column a case. Which file's word counts where two speak."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, select

from pagewalk.index.files import LOG
from pagewalk.index.schema import chunk, provenance, source_file
from pagewalk.index.states import CODES, NOT_RUN
from pagewalk.model import Origin, Precision, Provenance

Numbers = NDArray[np.float64]
Codes = NDArray[np.uint8]

INTERVALS = ("", "ci99", "quartiles", "samples")
GRACE = 60.0
"""Seconds by which a file of asv must be younger than a log to stand in its place, as `History` has it."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Chunks of one family and part, of several files.

    Args:
        revisions: rows of `revision`, one a file; so are the machines, environments and ranks.
        ranks: of two files that speak of one revision, the one with the higher rank counts.
        values: (files, cases); `low`, `high` and `states` too.
    """

    family: int
    part: int
    revisions: NDArray[np.int64]
    machines: NDArray[np.int64]
    environments: tuple[str, ...]
    ranks: Numbers
    values: Numbers
    low: Numbers
    high: Numbers
    states: Codes
    intervals: tuple[str, ...]
    provenances: tuple[int | None, ...]


def chunks() -> Select[Any]:
    """Return the query that `blocks` reads, to be narrowed."""
    return select(
        chunk,
        source_file.c.revision_id,
        source_file.c.machine_id,
        source_file.c.environment,
        source_file.c.kind,
    ).join(source_file, source_file.c.id == chunk.c.file_id)


def blocks(connection: Connection, query: Select[Any]) -> list[Block]:
    """Run a query made of `chunks` and return what it finds, a block a family and part."""
    groups: dict[tuple[int, int], list[Any]] = {}
    for row in connection.execute(query).all():
        groups.setdefault((row[0], row[1]), []).append(row)
    return [_block(rows) for rows in groups.values()]


def _block(rows: Sequence[Any]) -> Block:
    # Column by column: to ask each of thousands of rows for its parts by name takes longer than to read them
    families, parts, _, taken, value, low, high, state, interval, provenances, *of = zip(*rows, strict=True)
    revisions, machines, environments, kinds = of
    cases = len(value[0]) // 8
    nothing = np.full(cases, np.nan).tobytes()
    shape = (len(rows), cases)

    def numbers(column: Sequence[bytes | None]) -> Numbers:
        if not any(column):
            return np.full(shape, np.nan)
        return np.frombuffer(b"".join(cell or nothing for cell in column), dtype="<f8").reshape(shape)

    states = b"".join(cell or bytes(cases) for cell in state) if any(state) else bytes(len(rows) * cases)
    return Block(
        families[0],
        parts[0],
        np.array(revisions, dtype=np.int64),
        np.array(machines, dtype=np.int64),
        environments,
        np.array([(at or 0.0) + GRACE * (kind == LOG) for at, kind in zip(taken, kinds, strict=True)]),
        numbers(value),
        numbers(low),
        numbers(high),
        np.frombuffer(states, dtype=np.uint8).reshape(shape),
        tuple(INTERVALS[kind] for kind in interval),
        provenances,
    )


def strongest_last(ranks: Numbers, states: Codes) -> NDArray[np.intp]:
    """Return the order in which rows are laid over each other: what was not run never hides what was."""
    return np.lexsort((ranks, states != CODES[NOT_RUN]))


def provenance_at(connection: Connection, row: int | None) -> Provenance | None:
    """Return how a number was obtained."""
    if row is None:
        return None
    found = connection.execute(select(provenance).where(provenance.c.id == row)).one()
    return Provenance(Origin(found.origin), Precision(found.precision), found.source, found.share)
