"""What several queries need: a subject's rows, a benchmark's families, a revision as a value."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from pagewalk.errors import HistoryError
from pagewalk.index import layouts
from pagewalk.index.answering.model import IndexedRevision, Params
from pagewalk.index.layouts import Layout
from pagewalk.index.schema import benchmark, chunk, family, layout, machine, revision, source_file, subject


@dataclass(frozen=True, slots=True)
class Family:
    """Arrays of one benchmark that share version and layout."""

    id: int
    version: str
    layout: Layout


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark and those of its families that are comparable with each other."""

    id: int
    name: str
    unit: str
    param_names: tuple[str, ...]
    version: str
    families: tuple[Family, ...]

    def params(self, values: Sequence[str]) -> Params:
        """Return parameters with their names."""
        return named(self.param_names, values)


def named(names: Sequence[str], values: Sequence[str]) -> Params:
    """Pair values with names; `param1` … where nobody tells, as asv does."""
    unnamed = (f"param{place + 1}" for place in range(len(names), len(values)))
    return tuple(zip((*names[: len(values)], *unnamed), values, strict=True))


def subject_id(connection: Connection, name: str) -> int:
    """Return a subject's row.

    Raises:
        HistoryError: the index has no such subject.
    """
    found: int | None = connection.execute(select(subject.c.id).where(subject.c.name == name)).scalar()
    if found is None:
        known = ", ".join(connection.execute(select(subject.c.name).order_by(subject.c.name)).scalars())
        raise HistoryError(f"The index has no subject {name!r:.80}.", f"It has: {known or 'none'}.")
    return found


def machine_ids(connection: Connection, subject_row: int, names: Sequence[str] = ()) -> dict[int, str]:
    """Return the machines of a subject by row; all of them where none is named."""
    query = select(machine.c.id, machine.c.name).where(machine.c.subject_id == subject_row)
    if names:
        query = query.where(machine.c.name.in_(names))
    return {row.id: row.name for row in connection.execute(query.order_by(machine.c.name))}


def find_benchmark(
    connection: Connection, subject_row: int, name: str, version: str = ""
) -> Benchmark | None:
    """Return a benchmark with the families of one version: the current one where none is named.

    Families that no version is known of (asv's format 1) count to every version, as in asv.
    """
    query = select(benchmark).where(benchmark.c.subject_id == subject_row, benchmark.c.name == name)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    wanted = version or row["version"] or _latest_version(connection, row["id"])
    families = (
        select(family.c.id, family.c.version, layout.c.body)
        .join(layout, layout.c.id == family.c.layout_id)
        .where(family.c.benchmark_id == row["id"], family.c.version.in_({wanted, ""}))
        .order_by(family.c.id)
    )
    found = tuple(Family(f.id, f.version, layouts.decode(f.body)) for f in connection.execute(families))
    return Benchmark(row["id"], row["name"], row["unit"], names_of(row["param_names"]), wanted, found)


def _latest_version(connection: Connection, benchmark_row: int) -> str:
    query = (
        select(family.c.version)
        .join(chunk, chunk.c.family_id == family.c.id)
        .join(source_file, source_file.c.id == chunk.c.file_id)
        .where(family.c.benchmark_id == benchmark_row, chunk.c.part == 0)
        .group_by(family.c.version)
        .order_by(func.max(source_file.c.date).desc(), family.c.version.desc())
    )
    return connection.execute(query).scalar() or ""


def names_of(body: str) -> tuple[str, ...]:
    """Read a JSON list of names."""
    return tuple(json.loads(body)) if body else ()


def as_revision(row: Any | RowMapping) -> IndexedRevision:
    """Make a value of a row of `revision`."""
    return IndexedRevision(row.commit_hash, row.position, row.name, row.date, row.title, row.page)


def revision_columns() -> tuple[ColumnElement[Any], ...]:
    """Return what an `IndexedRevision` is made of, in its order: to ask each row by name takes longer."""
    columns = revision.c
    return (
        columns.commit_hash,
        columns.position,
        columns.name,
        columns.date,
        columns.title,
        columns.page,
    )


def revision_rows(connection: Connection, where: ColumnElement[bool]) -> dict[int, IndexedRevision]:
    """Return the revisions that a condition lets through by row, oldest first."""
    query = select(revision.c.id, *revision_columns()).where(where)
    query = query.order_by(revision.c.position, revision.c.id)
    return {row: IndexedRevision(*found) for row, *found in connection.execute(query).all()}
