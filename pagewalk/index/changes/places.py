"""What lasting changes are looked for in: all cases of a benchmark on one machine in one environment."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, func, select

from pagewalk import analysis
from pagewalk.index.files import NOISE, NOISE_FILE
from pagewalk.index.schema import (
    benchmark,
    coverage,
    family,
    layout,
    machine,
    revision,
    search,
    source_file,
    subject,
)

Key = tuple[int, int, str]
"""Rows of benchmark and machine, and the environment."""

_METHOD = (
    "changepoints/*.py",
    "regressions/*.py",
    "floors.py",
    "hodges_lehmann.py",
    "noise_state.py",
    "normal.py",
    "null_distribution.py",
)


@dataclass(frozen=True, slots=True)
class Place:
    """One search.

    Args:
        values: about how many there are to look at.
        folder: the subject's below the results root.
        noise: digest of the machine's measured noise floors; empty where there are none.
        stamp: of all that its answer may depend on.
        found: the stamp of the answer that is known; empty where none is.
        digest: of the values of that answer.
    """

    key: Key
    subject: str
    benchmark: str
    machine: str
    values: int
    folder: str
    noise: str
    stamp: str
    found: str
    digest: str

    @property
    def environment(self) -> str:
        return self.key[2]

    @property
    def fresh(self) -> bool:
        """Whether the answer that is known still holds."""
        return self.stamp == self.found


def places(connection: Connection, subject_name: str = "") -> list[Place]:
    """Return all searches there are to be made, of one subject or of all; those made before too."""
    query = (
        select(
            coverage.c.machine_id,
            coverage.c.environment,
            family.c.benchmark_id,
            subject.c.id.label("subject_id"),
            subject.c.name.label("subject_name"),
            subject.c.folder,
            benchmark.c.name.label("benchmark_name"),
            machine.c.name.label("machine_name"),
            func.max(coverage.c.generation).label("generation"),
            func.sum(coverage.c.files * layout.c.cases).label("cases"),
        )
        .join(family, family.c.id == coverage.c.family_id)
        .join(layout, layout.c.id == family.c.layout_id)
        .join(benchmark, benchmark.c.id == family.c.benchmark_id)
        .join(subject, subject.c.id == benchmark.c.subject_id)
        .join(machine, machine.c.id == coverage.c.machine_id)
        .group_by(
            coverage.c.machine_id,
            coverage.c.environment,
            family.c.benchmark_id,
            subject.c.id,
            subject.c.name,
            subject.c.folder,
            benchmark.c.name,
            benchmark.c.version,
            machine.c.name,
        )
        .order_by(family.c.benchmark_id, machine.c.name, coverage.c.environment)
        .add_columns(benchmark.c.version)
    )
    if subject_name:
        query = query.where(subject.c.name == subject_name)
    known = {
        (row.benchmark_id, row.machine_id, row.environment): row
        for row in connection.execute(select(search)).all()
    }
    orders, noises = _orders(connection), _noises(connection)
    found = []
    for row in connection.execute(query).all():
        key = (row.benchmark_id, row.machine_id, row.environment)
        noise = noises.get("/".join(part for part in (row.folder, row.machine_name, NOISE_FILE) if part), "")
        stamp = f"{method()} {orders.get(row.subject_id, '')} {row.version} {row.generation} {noise}"
        before = known.get(key)
        found.append(
            Place(
                key,
                row.subject_name,
                row.benchmark_name,
                row.machine_name,
                int(row.cases),
                row.folder,
                noise,
                stamp,
                before.stamp if before else "",
                before.digest if before else "",
            )
        )
    return found


def _orders(connection: Connection) -> dict[int, str]:
    """Return a digest of the order of commits, by subject."""
    rows: dict[int, list[int]] = {}
    query = select(revision.c.subject_id, revision.c.id).order_by(revision.c.position, revision.c.id)
    for owner, row in connection.execute(query).all():
        rows.setdefault(owner, []).append(row)
    return {owner: _digest(own) for owner, own in rows.items()}


def _digest(rows: Iterable[int]) -> str:
    return hashlib.blake2b("".join([f"{row} " for row in rows]).encode(), digest_size=8).hexdigest()


def _noises(connection: Connection) -> dict[str, str]:
    """Return digests of the files of measured noise floors, by path below the root."""
    query = select(source_file.c.path, source_file.c.digest).where(source_file.c.kind == NOISE)
    return {row.path: row.digest for row in connection.execute(query)}


@cache
def method() -> str:
    """Name the present way of finding changes, by its source: another one may find others."""
    folder = Path(analysis.__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(one for pattern in _METHOD for one in folder.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
