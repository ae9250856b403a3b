"""Two revisions of any history side by side, case by case: what a matrix page shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, select

from pagewalk.index import arrays, layouts
from pagewalk.index.arrays import Block
from pagewalk.index.database import Index
from pagewalk.index.layouts import Layout, Values
from pagewalk.index.model import Page, PairRow
from pagewalk.index.schema import CASES_A_CHUNK, benchmark, chunk, family, layout, revision, source_file
from pagewalk.index.selecting import machine_ids, named, names_of, subject_id
from pagewalk.index.states import ABSENT, CODES, NOT_RUN, STATES

SORTS = ("change", "name")
"""By how much it changed, the largest factor first, or by benchmark and case."""
MOST_CASES = 200_000
"""Cases that are compared; a hostile file may claim millions."""


@dataclass(frozen=True, slots=True)
class PairQuery:
    """Asks for two commits on one machine.

    Args:
        search: words that the benchmark's name must hold, upper or lower case.
        sort: of `SORTS`.
    """

    subject: str
    machine: str
    base: str
    head: str
    search: str = ""
    sort: str = "change"


@dataclass(frozen=True, slots=True)
class _Cell:
    value: float
    low: float
    high: float
    state: int


@dataclass(frozen=True, slots=True)
class _Family:
    benchmark: str
    unit: str
    names: tuple[str, ...]
    version: str
    layout: Layout


_NOTHING = _Cell(np.nan, np.nan, np.nan, CODES[ABSENT])
_Key = tuple[str, str, Values]
_Side = dict[_Key, tuple[_Cell, int]]


def pair(index: Index, wanted: PairQuery, *, offset: int = 0, limit: int = 100) -> Page[PairRow]:
    """Return all cases that either commit has; of versions of a benchmark that differ, both.

    Raises:
        HistoryError: there is no such subject.
    """
    with index.reading() as connection:
        row = subject_id(connection, wanted.subject)
        machines = list(machine_ids(connection, row, [wanted.machine]))
        sides = [_blocks(connection, row, machines, commit) for commit in (wanted.base, wanted.head)]
        families = _families(connection, {block.family for side in sides for block in side})
    words = wanted.search.lower().split()
    kept = {f: one for f, one in families.items() if all(w in one.benchmark.lower() for w in words)}
    base, head = (_side(side, kept) for side in sides)
    keys = list(_aligned(base, head, kept))
    keys.sort(key=_change if wanted.sort == "change" else _name)
    rows = tuple(_row(one, kept) for one in keys[offset : offset + limit])
    return Page(rows, len(keys), offset)


def _blocks(connection: Connection, subject: int, machines: Sequence[int], commit: str) -> list[Block]:
    files = (
        select(source_file.c.id)
        .join(revision, revision.c.id == source_file.c.revision_id)
        .where(
            revision.c.subject_id == subject,
            revision.c.commit_hash == commit,
            source_file.c.machine_id.in_(machines),
        )
    )
    ids = list(connection.execute(files).scalars())
    return arrays.blocks(connection, arrays.chunks().where(chunk.c.file_id.in_(ids)))


def _families(connection: Connection, wanted: set[int]) -> dict[int, _Family]:
    query = (
        select(
            family.c.id,
            benchmark.c.name,
            benchmark.c.unit,
            benchmark.c.param_names,
            family.c.version,
            layout.c.body,
        )
        .join(benchmark, benchmark.c.id == family.c.benchmark_id)
        .join(layout, layout.c.id == family.c.layout_id)
    )
    found = {}
    for first in range(0, len(wanted), 500):
        some = sorted(wanted)[first : first + 500]
        for row in connection.execute(query.where(family.c.id.in_(some))):
            names = names_of(row.param_names)
            found[row.id] = _Family(row.name, row.unit, names, row.version, layouts.decode(row.body))
    return found


def _side(blocks: Sequence[Block], families: Mapping[int, _Family]) -> _Side:
    """Return the cells of a commit: of files that speak of the same case, the one that counts."""
    found: _Side = {}
    strength: dict[_Key, tuple[bool, float]] = {}
    for block in blocks:
        one = families.get(block.family)
        if one is None:
            continue
        columns = [c.tolist() for c in (block.values, block.low, block.high, block.states)]
        for i, environment in enumerate(block.environments):
            for step in range(block.values.shape[1]):
                if len(found) >= MOST_CASES:
                    return found
                key = (one.benchmark, environment, one.layout.values(block.part * CASES_A_CHUNK + step))
                state = columns[3][i][step]
                rank = (state != CODES[NOT_RUN], float(block.ranks[i]))
                if state != CODES[ABSENT] and (key not in strength or strength[key] < rank):
                    strength[key] = rank
                    cell = _Cell(*(column[i][step] for column in columns))
                    found[key] = (cell, block.family)
    return found


_Aligned = tuple[_Key, int, _Cell, _Cell]


def _aligned(base: _Side, head: _Side, families: Mapping[int, _Family]) -> Iterator[_Aligned]:
    for key in dict.fromkeys([*head, *base]):
        first, second = base.get(key), head.get(key)
        if first and second:
            versions = {families[side[1]].version for side in (first, second)} - {""}
            if len(versions) < 2:
                yield key, second[1], first[0], second[0]
                continue
        if first:
            yield key, first[1], first[0], _NOTHING
        if second:
            yield key, second[1], _NOTHING, second[0]


def _ratio(base: _Cell, head: _Cell) -> float | None:
    if base.state or head.state or base.value == 0:
        return None
    return head.value / base.value


def _change(one: _Aligned) -> tuple[bool, float, _Key]:
    key, _, base, head = one
    ratio = _ratio(base, head)
    size = abs(np.log(ratio)) if ratio and ratio > 0 else 0.0
    # what is there on one side only ends differently: that stands first, as in all reports
    return (base.state == 0) == (head.state == 0), -float(size), key


def _name(one: _Aligned) -> _Key:
    return one[0]


def _row(one: _Aligned, families: Mapping[int, _Family]) -> PairRow:
    (name, environment, values), row, base, head = one
    return PairRow(
        name,
        named(families[row].names, values),
        environment,
        families[row].unit,
        _number(base),
        _number(head),
        _range(base),
        _range(head),
        STATES[base.state],
        STATES[head.state],
        _ratio(base, head),
    )


def _number(cell: _Cell) -> float | None:
    return None if cell.state else cell.value


def _range(cell: _Cell) -> tuple[float, float] | None:
    return None if np.isnan(cell.low) else (cell.low, cell.high)
