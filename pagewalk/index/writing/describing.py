"""Keeps names, units, parameters and facts in step with the small files that describe results."""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from pagewalk.index.files import BENCHMARKS, MACHINE, NOISE, Found
from pagewalk.index.reading import descriptions, parsing
from pagewalk.index.reading.parsed import Axes, Problem, Unreadable
from pagewalk.index.schema import (
    benchmark,
    coverage,
    family,
    machine,
    problem,
    revision,
    source_file,
    subject,
)
from pagewalk.index.writing.planning import Plan
from pagewalk.index.writing.store import Store, file_row, problem_rows


def describe(connection: Connection, store: Store, todo: Plan, found: Sequence[Found]) -> None:
    """Put in what describing files say; of a file that cannot be read what it said before stays."""
    last = connection.execute(select(func.max(source_file.c.id))).scalar() or 0
    for one in found:
        digest, problems = "", tuple[Problem, ...]()
        owner = store.subject(one.folder)
        try:
            data = parsing.read(one)
            digest = parsing.digest_of(data)
            problems = _describe(connection, store, one, data)
        except Unreadable as error:
            problems = ((0, str(error)),)
        last += one.path not in todo.rows
        row = todo.rows.get(one.path, last)
        store.forget(connection, [row])
        entry = file_row(row, one, digest, todo.settled(one)) | {"subject_id": owner}
        connection.execute(source_file.insert(), [entry])
        if rows := problem_rows(row, problems):
            connection.execute(problem.insert(), rows)
    store.keys.write(connection)


def _describe(connection: Connection, store: Store, one: Found, data: bytes) -> tuple[Problem, ...]:
    owner = store.subject(one.folder)
    if one.kind == BENCHMARKS:
        found, problems = descriptions.benchmarks(data)
        _benchmarks(connection, store, owner, found)
        return problems
    if one.kind == MACHINE:
        facts = descriptions.machine(data)
        row = store.keys.machines.of(owner, one.machine, facts=facts)
        connection.execute(update(machine).where(machine.c.id == row).values(facts=facts))
        return ()
    if one.kind == NOISE:
        return descriptions.noise(data)
    return descriptions.names(data)[1]


def _benchmarks(
    connection: Connection, store: Store, owner: int, found: Sequence[descriptions.Description]
) -> None:
    rows = []
    for one in found:
        texts = {
            "unit": one.unit,
            "version": one.version,
            "param_names": json.dumps(one.param_names, ensure_ascii=False),
            "params": json.dumps(one.axes, ensure_ascii=False),
        }
        row = store.keys.benchmarks.of(owner, one.name, **texts)
        rows.append({"row": row, **{f"new_{name}": text for name, text in texts.items()}})
    if rows:
        columns = ("unit", "version", "param_names", "params")
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
        connection.execute(update(benchmark).where(benchmark.c.id == bindparam("row")).values(values), rows)


def axes(connection: Connection) -> dict[str, dict[str, Axes]]:
    """Return the described axes by subject folder and benchmark."""
    found: dict[str, dict[str, Axes]] = defaultdict(dict)
    query = select(subject.c.folder, benchmark.c.name, benchmark.c.params).join(
        subject, subject.c.id == benchmark.c.subject_id
    )
    for folder, name, params in connection.execute(query.where(benchmark.c.params != "")):
        found[folder][name] = tuple(tuple(axis) for axis in json.loads(params))
    return dict(found)


def subjects(connection: Connection) -> list[tuple[int, str, str]]:
    """Return row, name and folder of every subject."""
    return [tuple(row) for row in connection.execute(select(subject.c.id, subject.c.name, subject.c.folder))]


def names(folder: Path) -> dict[str, tuple[str, int]]:
    """Return name and date by commit, as `revisions.jsonl` has them; none where it cannot be read."""
    try:
        return descriptions.names((folder / "revisions.jsonl").read_bytes()[: parsing.LARGEST])[0]
    except OSError:
        return {}


def finish(connection: Connection) -> None:
    """Forget what nothing speaks of any more."""
    covered = select(coverage.c.family_id)
    connection.execute(delete(family).where(family.c.id.not_in(covered)))
    connection.execute(delete(benchmark).where(benchmark.c.id.not_in(select(family.c.benchmark_id))))
    filed = select(source_file.c.machine_id).where(source_file.c.machine_id.is_not(None))
    described = select(source_file.c.subject_id)
    connection.execute(
        delete(machine).where(machine.c.id.not_in(filed), machine.c.subject_id.not_in(described))
    )
    connection.execute(delete(revision).where(revision.c.subject_id.not_in(described)))
    connection.execute(delete(subject).where(subject.c.id.not_in(described)))
