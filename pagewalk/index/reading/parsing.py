"""Reads files of results, in this process or in workers beside it, never more of them at once than fit."""

import hashlib
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from pagewalk.index.files import LOG, LOG_ENDING, Found
from pagewalk.index.reading import asvresults
from pagewalk.index.reading.parsed import Axes, Parsed, Unreadable

LARGEST = 64 << 20
"""Bytes of a file that is read; asv's own largest are under ten million."""
WORTH_WORKERS = 24 << 20
"""Bytes to read from which on starting processes (half a second each) is quicker than not."""
IN_FLIGHT = 24
"""Files that are read ahead of what is written, so that memory stays flat."""

Described = Mapping[str, Mapping[str, Axes]]
"""Axes by subject folder and benchmark."""

_described: Described = {}


def digest_of(data: bytes) -> str:
    """Return what tells two contents apart: 40 hexadecimal digits."""
    return hashlib.blake2b(data, digest_size=20).hexdigest()


def read(found: Found) -> bytes:
    """Return the content of a file.

    Raises:
        Unreadable: it is gone, not ours to read, or too large.
    """
    try:
        if found.size > LARGEST:
            raise Unreadable(f"{found.size:,} bytes are more than the {LARGEST:,} that are read")
        with Path(found.where).open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    if len(data) > LARGEST:
        raise Unreadable(f"it grew over the {LARGEST:,} bytes that are read")
    return data


def parse(found: Found, described: Described) -> Parsed:
    """Read one file of results; one that cannot be read comes back with the reason."""
    digest = ""
    try:
        data = read(found)
        digest = digest_of(data)
        axes = described.get(found.folder, {})
        if found.kind == LOG:
            return _log(found, data, digest, axes)
        return asvresults.parse(data, digest, axes)
    except Unreadable as error:
        return Parsed(digest, problems=((0, str(error)),))
    except MemoryError:
        return Parsed(digest, problems=((0, "it does not fit into memory"),))


def _log(found: Found, data: bytes, digest: str, axes: Mapping[str, Axes]) -> Parsed:
    # asv comes with it, which other projects' files do not need
    from pagewalk.index.reading import logs  # noqa: PLC0415

    name = found.path.rpartition("/")[2].removesuffix(LOG_ENDING)
    commit, _, environment = name.partition("-")
    return logs.parse(data, digest, commit, environment, axes)


def parse_all(found: Sequence[Found], described: Described, workers: int) -> Iterator[tuple[Found, Parsed]]:
    """Yield files as they are read, in order; in workers where there is much to read."""
    if workers < 2 or sum(one.size for one in found) < WORTH_WORKERS:
        yield from ((one, parse(one, described)) for one in found)
        return
    with _pool(workers, described) as pool:
        ahead: deque[tuple[Found, Future[Parsed]]] = deque()
        for one in found:
            ahead.append((one, pool.submit(_in_worker, one)))
            if len(ahead) >= IN_FLIGHT:
                yield _next(ahead)
        while ahead:
            yield _next(ahead)


def _next(ahead: deque[tuple[Found, Future[Parsed]]]) -> tuple[Found, Parsed]:
    found, future = ahead.popleft()
    return found, future.result()


@contextmanager
def _pool(workers: int, described: Described) -> Iterator[ProcessPoolExecutor]:
    # spawned, since a server's threads may hold locks at this moment that a fork would copy
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(described,))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(described: Described) -> None:
    global _described  # noqa: PLW0603 - how a pool hands something to its workers once, not with every file
    _described = described
    os.nice(1)


def _in_worker(found: Found) -> Parsed:
    return parse(found, _described)
