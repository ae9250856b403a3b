"""Two revisions of any history side by side, case by case: what a matrix page shows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, select

from pagewalk.index import layouts
from pagewalk.index.answering import arrays
from pagewalk.index.answering.arrays import Block, Numbers
from pagewalk.index.answering.model import Page, PairRow
from pagewalk.index.answering.selecting import machine_ids, named, names_of, subject_id
from pagewalk.index.database import Index
from pagewalk.index.layouts import Layout, Values
from pagewalk.index.schema import CASES_A_CHUNK, benchmark, chunk, family, layout, revision, source_file
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
class _Family:
    benchmark: str
    unit: str
    names: tuple[str, ...]
    version: str
    layout: Layout


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """Some cases of one benchmark in one environment.

    Args:
        first: place in `cases` of the first column.
        base: (4, cases): value, low, high, state; `head` too.
    """

    family: _Family
    environment: str
    cases: Layout
    first: int
    base: Numbers
    head: Numbers


_Rows = list[tuple[Block, int]]
_Cells = dict[tuple[Values, str], Numbers]
_ABSENT = float(CODES[ABSENT])


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
    strips = list(_strips(sides[0], sides[1], kept))
    places = [(strip, step) for strip in strips for step in range(strip.base.shape[1])]
    order = _by_change(strips) if wanted.sort == "change" and places else range(len(places))
    rows = tuple(_row(*places[i]) for i in order[offset : offset + limit])
    return Page(rows, len(places), offset)


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


def _strips(
    base: Sequence[Block], head: Sequence[Block], families: Mapping[int, _Family]
) -> Iterator[_Strip]:
    """Yield what is compared, by benchmark and environment."""
    groups: dict[tuple[str, str], tuple[_Rows, _Rows]] = defaultdict(lambda: ([], []))
    for side, blocks in enumerate((base, head)):
        for block in blocks:
            for i, environment in enumerate(block.environments if block.family in families else ()):
                groups[families[block.family].benchmark, environment][side].append((block, i))
    for (_, environment), (first, second) in sorted(groups.items(), key=lambda item: item[0]):
        several = {block.family for block, _ in first + second}
        if len(several) == 1 and all(len({b.part for b, _ in rows}) == len(rows) for rows in (first, second)):
            yield from _alike(families[several.pop()], environment, first, second)
        else:
            yield from _mixed(families, environment, first, second)


def _alike(family: _Family, environment: str, base: _Rows, head: _Rows) -> Iterator[_Strip]:
    """Yield strips of arrays that have the same cases in the same places."""
    first, second = ({block.part: _matrix(block, i) for block, i in rows} for rows in (base, head))
    for part in sorted(first.keys() | second.keys()):
        one, other = first.get(part), second.get(part)
        shape = one if one is not None else second[part]
        nothing = _nothing(shape.shape[1])
        yield _Strip(
            family,
            environment,
            family.layout,
            part * CASES_A_CHUNK,
            nothing if one is None else one,
            nothing if other is None else other,
        )


def _matrix(block: Block, row: int) -> Numbers:
    return np.stack((block.values[row], block.low[row], block.high[row], block.states[row].astype(float)))


def _nothing(cases: int) -> Numbers:
    return np.stack((*np.full((3, cases), np.nan), np.full(cases, _ABSENT)))


def _mixed(families: Mapping[int, _Family], environment: str, base: _Rows, head: _Rows) -> Iterator[_Strip]:
    """Yield strips where parameters or versions changed, or several files speak: case by case."""
    first, second = _cells(families, base), _cells(families, head)
    known = {version for cells in (first, second) for _, version in cells} - {""}
    if len(known) < 2:  # a file without versions counts to the only one there is
        first, second = ({(values, ""): cell for (values, _), cell in c.items()} for c in (first, second))
    keys = list(dict.fromkeys([*first, *second]))
    if keys:
        rows = Layout(rows=tuple(values for values, _ in keys))
        nothing = _nothing(1)[:, 0]
        columns = [np.stack([cells.get(key, nothing) for key in keys], axis=1) for cells in (first, second)]
        yield _Strip(families[(head or base)[0][0].family], environment, rows, 0, columns[0], columns[1])


def _cells(families: Mapping[int, _Family], rows: _Rows) -> _Cells:
    """Return the cells of a commit: of files that speak of the same case, the one that counts."""
    found: _Cells = {}
    strength: dict[tuple[Values, str], tuple[bool, float]] = {}
    for block, i in rows:
        family = families[block.family]
        matrix = _matrix(block, i)
        for step in range(matrix.shape[1]):
            if len(found) >= MOST_CASES:
                return found
            key = (family.layout.values(block.part * CASES_A_CHUNK + step), family.version)
            rank = (bool(matrix[3, step] != CODES[NOT_RUN]), float(block.ranks[i]))
            if matrix[3, step] != _ABSENT and (key not in strength or strength[key] < rank):
                strength[key] = rank
                found[key] = matrix[:, step]
    return found


def _by_change(strips: Sequence[_Strip]) -> list[int]:
    """Sort cases: first what is there on one side only, as in all reports, then the largest factor."""
    base = np.concatenate([strip.base[[0, 3]] for strip in strips], axis=1)
    head = np.concatenate([strip.head[[0, 3]] for strip in strips], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.abs(np.log(head[0] / base[0]))
    size = np.where(np.isfinite(size), size, 0.0)
    one_sided = (base[1] == 0) != (head[1] == 0)
    return [int(i) for i in np.lexsort((-size, ~one_sided))]


def _row(strip: _Strip, step: int) -> PairRow:
    base, head = strip.base[:, step].tolist(), strip.head[:, step].tolist()
    both = base[3] == head[3] == 0 and base[0] != 0
    return PairRow(
        strip.family.benchmark,
        named(strip.family.names, strip.cases.values(strip.first + step)),
        strip.environment,
        strip.family.unit,
        None if base[3] else base[0],
        None if head[3] else head[0],
        None if np.isnan(base[1]) else (base[1], base[2]),
        None if np.isnan(head[1]) else (head[1], head[2]),
        STATES[int(base[3])],
        STATES[int(head[3])],
        head[0] / base[0] if both else None,
    )
