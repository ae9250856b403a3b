"""Brings an index up to date with a results root, file by file, a batch of files a transaction.

Whoever reads meanwhile sees the state after some batch. Whatever stops an update, the next one goes on
where it was; nothing is read twice that did not change.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, delete, func, select
from sqlalchemy import update as sql_update
from sqlalchemy.exc import DBAPIError

from pagewalk.errors import HistoryError, Unavailable
from pagewalk.index.database import Index
from pagewalk.index.files import BENCHMARKS, MACHINE, NAMES, NOISE, Found, scan
from pagewalk.index.reading.parsed import Parsed
from pagewalk.index.reading.parsing import parse_all
from pagewalk.index.schema import meta, problem, revision, source_file
from pagewalk.index.writing import describing, ordering
from pagewalk.index.writing.planning import Plan, plan
from pagewalk.index.writing.store import Store

BATCH_FILES = 64
BATCH_SECONDS = 2.0

Progress = Callable[[int, int], None]
"""Told how many bytes were read, of how many."""


@dataclass(frozen=True, slots=True)
class Options:
    """How an update goes about it.

    Args:
        repositories: where the commits of a subject are, by its name; it orders them.
        workers: processes that read files, where there is much to read.
    """

    repositories: Mapping[str, Path] = field(default_factory=dict)
    workers: int = 2
    progress: Progress = lambda _done, _all: None


@dataclass(frozen=True, slots=True)
class Summary:
    """What an update did.

    Args:
        indexed: files that were read anew.
        unchanged: files that were not.
        removed: files that are gone.
        values: numbers, and what stands in their place, in the files read.
        problems: files and lines that cannot be read, in the whole index.
    """

    indexed: int
    unchanged: int
    removed: int
    values: int
    problems: int
    seconds: float


def update(index: Index, root: Path, options: Options | None = None) -> Summary:
    """Bring the index up to date with the results below `root`.

    Raises:
        HistoryError: there is no such folder.
        Unavailable: the database cannot be written.
    """
    options = options or Options()
    began = time.monotonic()
    if not root.is_dir():
        raise HistoryError(
            f"There is no results folder at {root}.",
            "Type `pagewalk run` to measure something, or give another folder with --results.",
        )
    try:
        with index.alone():
            return _update(index, root, options, began)
    except DBAPIError as error:
        raise Unavailable(
            f"the index {index.where} cannot be written: {error.orig}",
            "Make room, or name another with --index.",
        ) from error


def _update(index: Index, root: Path, options: Options, began: float) -> Summary:
    with index.reading() as connection:
        todo = plan(connection, scan(root))
        if todo.empty and connection.execute(_REPOSITORIES).scalar() == _noted(options):
            return _summary(connection, todo, 0, began)
    values = 0
    with index.writing() as connection:
        generation = int(connection.execute(_GENERATION).scalar_one()) + 1
        store = Store(connection, root.resolve().name, generation)
        # noted again at the very end: whoever is stopped before has not ordered the commits yet
        connection.execute(delete(meta).where(meta.c.key == "repositories"))
        _touch(connection, todo)
        store.forget(connection, todo.gone)
        small = [one for one in todo.pending if one.kind in (BENCHMARKS, MACHINE, NAMES, NOISE)]
        describing.describe(connection, store, todo, small)
        store.finish(connection)
        described = describing.axes(connection)
        last = connection.execute(select(func.max(source_file.c.id))).scalar() or 0
    large = todo.pending[len(small) :]
    total = sum(one.size for one in large)
    done = 0
    for batch in _batches(parse_all(large, described, options.workers)):
        rows = []
        for found, parsed in batch:
            last += found.path not in todo.rows
            row = todo.rows.get(found.path, last)
            rows.append((row, found, parsed, todo.settled(found)))
            values += len(parsed.sheet)
            done += found.size
        with index.writing() as connection:
            store.forget(connection, [row for row, found, *_ in rows if found.path in todo.rows])
            store.add(connection, rows)
            store.finish(connection)
        options.progress(done, total)
    with index.writing() as connection:
        describing.finish(connection)
        _order(connection, root, options)
        connection.execute(meta.insert(), [{"key": "repositories", "value": _noted(options)}])
        return _summary(connection, todo, values, began)


def _batches(parsed: Iterable[tuple[Found, Parsed]]) -> Iterator[list[tuple[Found, Parsed]]]:
    batch: list[tuple[Found, Parsed]] = []
    began = time.monotonic()
    for one in parsed:
        batch.append(one)
        if len(batch) >= BATCH_FILES or time.monotonic() - began > BATCH_SECONDS:
            yield batch
            batch, began = [], time.monotonic()
    if batch:
        yield batch


def _touch(connection: Connection, todo: Plan) -> None:
    for row, found in todo.touched:
        values = {"mtime_ns": found.mtime_ns, "settled": todo.settled(found)}
        connection.execute(sql_update(source_file).where(source_file.c.id == row).values(values))


def _order(connection: Connection, root: Path, options: Options) -> None:
    used = select(source_file.c.revision_id).where(source_file.c.revision_id.is_not(None))
    connection.execute(delete(revision).where(revision.c.id.not_in(used)))
    for row, name, folder in describing.subjects(connection):
        names = describing.names(root / folder)
        ordering.order(connection, row, names, options.repositories.get(name))


def _summary(connection: Connection, todo: Plan, values: int, began: float) -> Summary:
    problems = connection.execute(select(func.count()).select_from(problem)).scalar_one()
    return Summary(
        len(todo.pending),
        todo.unchanged,
        len(todo.gone),
        values,
        problems,
        time.monotonic() - began,
    )


def _noted(options: Options) -> str:
    return json.dumps({name: str(path) for name, path in options.repositories.items()}, sort_keys=True)


_REPOSITORIES = select(meta.c.value).where(meta.c.key == "repositories")
_GENERATION = select(meta.c.value).where(meta.c.key == "generation")
