"""Looks for lasting changes in all series and stores them, so that pages show them at once.

Each place is searched by itself, in processes beside this one, and stored when it is done: whatever stops
a search, the next one goes on where it was. Values that are what they were are not searched again.
"""

import hashlib
import json
import multiprocessing
import os
import signal
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, bindparam, delete, select
from sqlalchemy.exc import DBAPIError

from pagewalk.analysis.floors import absolute_floor
from pagewalk.analysis.regressions import LEAST, Change, HistorySeries, SeriesName, Size, changes_of
from pagewalk.errors import Unavailable
from pagewalk.index.answering.model import BenchmarkQuery, Series
from pagewalk.index.answering.series import series, series_keys
from pagewalk.index.changes.floors import Floors, Heeded, heeded
from pagewalk.index.changes.levels import level_rows
from pagewalk.index.changes.places import Key, Place, method, places
from pagewalk.index.changes.telling import tell
from pagewalk.index.database import Index, open_index
from pagewalk.index.schema import change, level, search
from pagewalk.model import Case, Precision

MOST_SERIES = 2_000
"""Of one benchmark at one place; a hostile file may claim millions."""
WORTH_WORKERS = 20_000
"""Values to look at from which on starting processes (a second each) is quicker than not."""
BATCH_SECONDS = 4.0
_TRACK = ".track_"
_KEY = ("benchmark_id", "machine_id", "environment")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a search.

    Args:
        digest: of the values and the method.
        series: how many were looked at.
        changes: rows of `change` but for their key, None where the digest is known.
        levels: rows of `level` likewise.
    """

    digest: str
    series: int
    changes: tuple[Row, ...] | None
    levels: tuple[Row, ...] = ()


def searching(index: Index, root: Path, workers: int = 2) -> Iterator[tuple[int, int]]:
    """Search what has not been searched; yield how many values were looked at, of how many.

    Whoever stops to ask, stops the search; what was found by then is kept.

    Args:
        root: the results that the index was made from; the noise floors of machines are read there.

    Raises:
        Unavailable: the database cannot be written, or a process that searches was killed.
    """
    try:
        yield from _searching(index, Floors(index, root), workers)
    except DBAPIError as error:
        raise Unavailable(
            f"the index {index.where} cannot be written: {error.orig}",
            "Make room, or name another with --index.",
        ) from error
    except BrokenExecutor as error:
        raise Unavailable(
            "A process that looked for changes was killed, for want of memory perhaps.",
            "Type `pagewalk index` again.",
        ) from error


def _searching(index: Index, floors: Floors, workers: int) -> Iterator[tuple[int, int]]:
    with index.reading() as connection:
        every = places(connection)
        stored = {
            (row[0], row[1], row[2]) for row in connection.execute(select(*(search.c[n] for n in _KEY)))
        }
    gone = stored - {place.key for place in every}
    if gone:
        with index.writing() as connection:
            for table in (search, change, level):
                _forget(connection, table, gone)
    todo = [place for place in every if not place.fresh]
    total = sum(place.values for place in todo)
    done = 0
    batch: list[tuple[Place, Found]] = []
    since = time.monotonic()
    try:
        asked = ((place, floors.at(place)) for place in todo)
        for place, found in _each(index, asked, workers if total >= WORTH_WORKERS else 0):
            batch.append((place, found))
            done += place.values
            if done == total or time.monotonic() - since > BATCH_SECONDS:
                _store(index, batch)
                batch, since = [], time.monotonic()
            yield done, total
    finally:
        if batch:
            _store(index, batch)


def _each(index: Index, todo: Iterator[tuple[Place, Heeded]], workers: int) -> Iterator[tuple[Place, Found]]:
    if not workers:
        yield from ((place, look(index, place, floors)) for place, floors in todo)
        return
    # spawned, since a server's threads may hold locks at this moment that a fork would copy
    context = multiprocessing.get_context("spawn")
    where = index.engine.url.render_as_string(hide_password=False)
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(where,))
    running: dict[Future[Found], Place] = {}
    try:
        while True:
            while len(running) < 2 * workers and (asked := next(todo, None)) is not None:
                running[pool.submit(_in_worker, *asked)] = asked[0]
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(cancel_futures=True)


_opened: list[Index] = []


def _begin(where: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who stores what was found
    os.nice(10)  # whoever measures or looks at pages meanwhile comes first
    _opened.append(open_index(where))


def _in_worker(place: Place, floors: Heeded) -> Found:
    return look(_opened[0], place, floors)


def look(index: Index, place: Place, floors: Heeded) -> Found:
    """Search one place for what exceeds the noise floors of its series."""
    wanted = BenchmarkQuery(place.subject, place.benchmark, (place.machine,))
    keys = [
        k for k in series_keys(index, wanted, limit=MOST_SERIES).rows if k.environment == place.environment
    ]
    read = [one for one in series(index, keys) if np.isfinite(one.values).sum() >= LEAST]
    digest = _digest(read, floors)
    if digest == place.digest:
        return Found(digest, len(read), None)
    return Found(
        digest, len(read), tuple(row for one in read for row in _rows(one, floors)), level_rows(read)
    )


def _digest(read: Sequence[Series], floors: Heeded) -> str:
    digest = hashlib.blake2b(method().encode(), digest_size=20)
    for one in read:
        known = np.flatnonzero(np.isfinite(one.values))
        commits = [one.revisions[at].commit for at in known]
        said = [one.key.params, one.key.version, _exact(one), heeded(floors, one), commits]
        digest.update(json.dumps(said).encode())
        digest.update(one.values[known].tobytes())
    return digest.hexdigest()


def _exact(one: Series) -> bool:
    declared = one.provenance is not None and one.provenance.precision is Precision.EXACT
    # what strays does not repeat, whatever was declared
    return declared and not bool((one.low < one.high).any())


def _rows(one: Series, floors: Heeded) -> Iterator[Row]:
    workload, tracked, metric = one.key.benchmark.rpartition(_TRACK)
    history = HistorySeries(
        SeriesName(one.key.machine, Case(workload if tracked else metric, one.key.params), metric),
        one.values.tolist(),
        exact=_exact(one),
        floor=heeded(floors, one),
        absolute=absolute_floor(metric, {}) if tracked else 0.0,
    )
    for found in changes_of(history):
        if found.size is not None:
            yield _row(one, found, found.size)


def _row(one: Series, found: Change, size: Size) -> Row:
    return {
        "params": json.dumps(one.key.params),
        "version": one.key.version,
        "last_good": one.revisions[found.place.after].commit,
        "first": one.revisions[found.place.at].commit,
        "kind": found.kind.value,
        "state": found.state.value,
        "p": found.p,
    } | asdict(size)


def _store(index: Index, batch: Sequence[tuple[Place, Found]]) -> None:
    new = [(place, found) for place, found in batch if found.changes is not None]
    with index.writing() as connection:
        _forget(connection, search, [place.key for place, _ in batch])
        connection.execute(search.insert(), [_searched(place, found) for place, found in batch])
        for table, rows in ((change, _changes(new)), (level, _levels(new))):
            _forget(connection, table, [place.key for place, _ in new])
            if rows:
                connection.execute(table.insert(), rows)
        for name in sorted({place.subject for place, _ in batch}):
            tell(connection, name)


def _changes(new: Sequence[tuple[Place, Found]]) -> list[Row]:
    return [
        _named(place.key) | {"place": number} | row
        for place, found in new
        for number, row in enumerate(found.changes or ())
    ]


def _levels(new: Sequence[tuple[Place, Found]]) -> list[Row]:
    return [_named(place.key) | row for place, found in new for row in found.levels]


def _searched(place: Place, found: Found) -> Row:
    return _named(place.key) | {"stamp": place.stamp, "digest": found.digest, "series": found.series}


def _named(key: Key) -> Row:
    return dict(zip(_KEY, key, strict=True))


def _forget(connection: Connection, table: Table, keys: Collection[Key]) -> None:
    if keys:
        connection.execute(
            delete(table).where(*(table.c[name] == bindparam(f"the_{name}") for name in _KEY)),
            [{f"the_{name}": part for name, part in zip(_KEY, key, strict=True)} for key in keys],
        )
