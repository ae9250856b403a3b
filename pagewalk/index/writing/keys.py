"""Rows that many others point to, each named once: found by their name, made where they are missing."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, func, select

from pagewalk.index import layouts
from pagewalk.index.reading.parsing import digest_of
from pagewalk.index.schema import benchmark, family, layout, machine, provenance, revision, roster, subject


class Keys:
    """Rows of one table by what names them; new ones wait until they are written all at once."""

    def __init__(self, connection: Connection, table: Table, *names: str) -> None:
        self._table = table
        self._names = names
        columns = [table.c.id, *(table.c[name] for name in names)]
        self.known: dict[tuple[Any, ...], int] = {
            tuple(row[1:]): row[0] for row in connection.execute(select(*columns))
        }
        self._next = (connection.execute(select(func.max(table.c.id))).scalar() or 0) + 1
        self._new: list[dict[str, Any]] = []

    def of(self, *key: Any, **more: Any) -> int:
        """Return the row that is named; `more` are its other columns if it has to be made."""
        row = self.known.get(key)
        if row is None:
            row = self.known[key] = self._next
            self._next += 1
            self._new.append({"id": row, **dict(zip(self._names, key, strict=True)), **more})
        return row

    def write(self, connection: Connection) -> None:
        """Write the rows that were made."""
        if self._new:
            connection.execute(self._table.insert(), self._new)
            self._new = []


class Catalogue:
    """All the rows that values point to."""

    def __init__(self, connection: Connection) -> None:
        self.subjects = Keys(connection, subject, "name")
        self.machines = Keys(connection, machine, "subject_id", "name")
        self.revisions = Keys(connection, revision, "subject_id", "commit_hash")
        self.benchmarks = Keys(connection, benchmark, "subject_id", "name")
        self.layouts = Keys(connection, layout, "digest")
        self.families = Keys(connection, family, "benchmark_id", "version", "layout_id")
        self.provenances = Keys(connection, provenance, "origin", "precision", "source", "share")
        self.rosters = Keys(connection, roster, "digest")
        self._bodies: dict[str, int] = {}

    def layout(self, body: str, cases: int) -> int:
        """Return the row of a layout; most files repeat those of the file before."""
        row = self._bodies.get(body)
        if row is None:
            row = self._bodies[body] = self.layouts.of(layouts.digest(body), cases=cases, body=body)
        return row

    def family(self, subject_row: int, name: str, version: str, layout_body: str, cases: int) -> int:
        """Return the row of a family, and make what it points to."""
        benchmark_row = self.benchmarks.of(subject_row, name, unit="", version="", param_names="", params="")
        return self.families.of(benchmark_row, version, self.layout(layout_body, cases))

    def roster(self, families: Iterable[tuple[int, int]]) -> int:
        """Return the row that names families, and how many cases each has, in an order."""
        body = np.fromiter(chain.from_iterable(families), dtype="<i4").tobytes()
        return self.rosters.of(digest_of(body), families=body)

    def revision(self, subject_row: int, commit: str, date: int | None) -> int:
        """Return the row of a commit; a log knows the first eight digits of it only."""
        if (subject_row, commit) in self.revisions.known or len(commit) > 8:
            return self.revisions.of(subject_row, commit, date=date, position=0, name=commit[:10], title="")
        longer = [
            row
            for (owner, known), row in self.revisions.known.items()
            if owner == subject_row and known.startswith(commit)
        ]
        return (
            longer[0]
            if longer
            else self.revisions.of(subject_row, commit, date=date, position=0, name=commit, title="")
        )

    def write(self, connection: Connection) -> None:
        """Write all rows that were made."""
        for keys in (
            self.subjects,
            self.machines,
            self.revisions,
            self.benchmarks,
            self.layouts,
            self.families,
            self.provenances,
            self.rosters,
        ):
            keys.write(connection)
