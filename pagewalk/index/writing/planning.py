"""What an update has to do: which files are new, which changed, which are gone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from pagewalk.index.files import BENCHMARKS, LOG, MACHINE, NAMES, NOISE, Found
from pagewalk.index.reading import parsing
from pagewalk.index.reading.parsed import Unreadable
from pagewalk.index.schema import source_file

GRAIN_NS = 2_000_000_000
"""A file younger than this may change again without another time of change, as git's index fears too."""

_ORDER = {NAMES: 0, BENCHMARKS: 1, MACHINE: 2, NOISE: 2, LOG: 4}


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do.

    Args:
        pending: new or changed: first what describes, then results, then logs.
        rows: rows of those of them that are in already.
        gone: rows of files that are no longer there.
        touched: files whose content is as it was: row and file.
        unchanged: how many are as they were.
    """

    pending: tuple[Found, ...]
    rows: dict[str, int]
    gone: tuple[int, ...]
    touched: tuple[tuple[int, Found], ...]
    unchanged: int
    began_ns: int

    @property
    def empty(self) -> bool:
        return not (self.pending or self.gone or self.touched)

    def settled(self, found: Found) -> bool:
        """Tell whether a file was old enough when it was looked at to trust its time from now on."""
        return found.mtime_ns + GRAIN_NS < self.began_ns


def plan(connection: Connection, found: Sequence[Found]) -> Plan:
    """Compare files with what is indexed: by size and time, by content where these cannot be trusted."""
    began = time.time_ns()
    columns = ("id", "path", "size", "mtime_ns", "settled", "digest")
    query = select(*(source_file.c[column] for column in columns))
    known = {row.path: row for row in connection.execute(query)}
    pending, touched = [], []
    for one in found:
        row = known.pop(one.path, None)
        if row is None:
            pending.append(one)
        elif (row.size, row.mtime_ns) == (one.size, one.mtime_ns) and row.settled:
            continue
        elif row.size == one.size and row.digest == _digest(one):
            touched.append((row.id, one))
        else:
            pending.append(one)
    rows = {row.path: row.id for row in connection.execute(query) if pending}
    return Plan(
        # As they were written: commits in a row lie side by side, whether indexed one by one or at once
        tuple(sorted(pending, key=lambda one: (_ORDER.get(one.kind, 3), one.mtime_ns, one.path))),
        {one.path: rows[one.path] for one in pending if one.path in rows},
        tuple(row.id for row in known.values()),
        tuple(touched),
        len(found) - len(pending),
        began,
    )


def _digest(found: Found) -> str:
    try:
        return parsing.digest_of(parsing.read(found))
    except Unreadable:
        return ""
