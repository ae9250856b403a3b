"""Puts what files say into the tables, and takes it out again. One file is in wholly or not at all."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from pagewalk.index.files import RESULT, Found
from pagewalk.index.reading.parsed import Parsed, Problem
from pagewalk.index.reading.sheets import Sheet, kinds_of
from pagewalk.index.schema import (
    CASES_A_CHUNK,
    chunk,
    coverage,
    crash,
    meta,
    problem,
    sheet,
    source_file,
    tally,
)
from pagewalk.index.writing.inserting import insert
from pagewalk.index.writing.keys import Catalogue
from pagewalk.model import Provenance

_MOST_KINDS = 64
"""Sets of benchmarks that are remembered: files of one machine and time have the same one."""
Place = tuple[int, int, str]
Row = dict[str, Any]


class _Kinds(NamedTuple):
    """What a file has: the rows of its families in order, the number of cases of each, and their roster."""

    families: Sequence[int]
    cases: Sequence[int]
    roster: int


class Store:
    """The writer's hands, for one update.

    Args:
        connection: to load what is known.
        root_name: what a subject is called whose folder is the root itself.
        generation: of this update; series that it touches carry it.
    """

    def __init__(self, connection: Connection, root_name: str, generation: int) -> None:
        self.keys = Catalogue(connection)
        self._root_name = root_name
        self._generation = generation
        self._covered = {tuple(row) for row in connection.execute(_COVERED)}
        self._coverage: Counter[Place] = Counter()
        self._kinds: dict[tuple[int, bytes], _Kinds] = {}

    def forget(self, connection: Connection, files: Sequence[int], *, rows: bool = True) -> None:
        """Take files out.

        Args:
            rows: their rows in `source_file` too; off where they come back at once.
        """
        for some in _slices(files, 500):
            covered = (
                select(chunk.c.family_id, source_file.c.machine_id, source_file.c.environment)
                .join(source_file, source_file.c.id == chunk.c.file_id)
                .where(chunk.c.file_id.in_(some), chunk.c.part == 0)
            )
            for row in connection.execute(covered):
                self._coverage[row[0], row[1], row[2]] -= 1
            for table in (chunk, sheet, tally, crash, problem):
                connection.execute(delete(table).where(table.c.file_id.in_(some)))
            if rows:
                connection.execute(delete(source_file).where(source_file.c.id.in_(some)))

    def add(self, connection: Connection, batch: Sequence[tuple[int, Found, Parsed, bool]]) -> None:
        """Put files in; of those that are new neither row nor values may be there.

        Args:
            batch: row in `source_file`, file, content, and whether it was settled when it was read.
        """
        files: list[Row] = []
        chunks: list[tuple[Any, ...]] = []
        sheets: list[tuple[Any, ...]] = []
        tallies: list[Row] = []
        crashes: list[Row] = []
        problems: list[Row] = []
        for row, found, parsed, settled in batch:
            entry = self._file(row, found, parsed, settled)
            kinds = self._of(entry["subject_id"], parsed.sheet)
            files.append(entry)
            for family in kinds.families:
                self._coverage[family, entry["machine_id"], entry["environment"]] += 1
            chunks += self._chunks(row, parsed.sheet, kinds)
            if found.kind == RESULT:
                sheets.append((row, kinds.roster, parsed.sheet.value))
            counts = parsed.sheet.counts()
            tallies += [{"file_id": row, "state": code, "cases": n} for code, n in counts.items()]
            entry["value_count"] = sum(counts.values())
            crashes += list(_crashes(row, parsed))
            problems += problem_rows(row, parsed.problems)
        self.keys.write(connection)
        # rows of one benchmark lie together: sorted, they reach each page of the table once
        chunks.sort(key=itemgetter(0, 1, 2))
        insert(connection, chunk, chunks)
        insert(connection, sheet, sheets)
        for table, entries in (
            (source_file, files),
            (tally, tallies),
            (crash, crashes),
            (problem, problems),
        ):
            if entries:
                connection.execute(table.insert(), entries)

    def finish(self, connection: Connection) -> None:
        """Write what was counted over a batch: which series exist and when they last changed."""
        changed = {place: by for place, by in self._coverage.items() if by or place in self._covered}
        new = [place for place in changed if place not in self._covered]
        if new:
            connection.execute(
                coverage.insert(), [_covered(place, changed[place], self._generation) for place in new]
            )
        known = [
            {"f": place[0], "m": place[1], "e": place[2], "by": by, "g": self._generation}
            for place, by in changed.items()
            if place in self._covered
        ]
        if known:
            connection.execute(_GROW, known)
        if any(by < 0 for by in changed.values()):
            connection.execute(delete(coverage).where(coverage.c.files <= 0))
            self._covered = {tuple(row) for row in connection.execute(_COVERED)}
        self._covered |= set(new)
        self._coverage.clear()
        connection.execute(update(meta).where(meta.c.key == "generation").values(value=str(self._generation)))

    def _file(self, row: int, found: Found, parsed: Parsed, settled: bool) -> Row:
        entry = file_row(row, found, parsed.digest, settled)
        entry["subject_id"] = subject = self.subject(found.folder)
        if parsed.commit:
            facts = json.dumps(dict(parsed.facts), sort_keys=True) if parsed.facts else ""
            entry["machine_id"] = self.keys.machines.of(subject, found.machine, facts=facts)
            entry["revision_id"] = self.keys.revision(subject, parsed.commit, parsed.date)
        return entry | {"environment": parsed.environment, "date": parsed.date, "taken": parsed.taken}

    def subject(self, folder: str) -> int:
        """Return the row of a subject."""
        return self.keys.subjects.of(folder or self._root_name, folder=folder)

    def _of(self, subject: int, content: Sheet) -> _Kinds:
        """Return what kinds of values are in a file; most repeat the last one's."""
        known = self._kinds.get((subject, content.kinds))
        if known is None:
            kinds = kinds_of(content.kinds)
            cases = [one.cases for one in kinds]
            families = [
                self.keys.family(subject, one.benchmark, one.version, one.layout, one.cases) for one in kinds
            ]
            known = _Kinds(families, cases, self.keys.roster(zip(families, cases, strict=True)))
            self._kinds[subject, content.kinds] = known
            if len(self._kinds) > _MOST_KINDS:
                del self._kinds[next(iter(self._kinds))]
        return known

    def _chunks(self, row: int, content: Sheet, kinds: _Kinds) -> Iterator[tuple[Any, ...]]:
        """Yield rows of `chunk`, in the order of its columns."""
        sources = [self._provenance(one) for one in content.provenances] or [None] * len(kinds.families)
        for place, strip in content.strips(kinds.cases, CASES_A_CHUNK):
            yield (
                kinds.families[place],
                strip.part,
                row,
                content.taken[place],
                strip.value,
                strip.low,
                strip.high,
                strip.state,
                content.intervals[place],
                sources[place],
            )

    def _provenance(self, obtained: Provenance | None) -> int | None:
        if obtained is None:
            return None
        return self.keys.provenances.of(
            obtained.origin.value, obtained.precision.value, obtained.source[:256], obtained.share
        )


_COVERED = select(coverage.c.family_id, coverage.c.machine_id, coverage.c.environment)
_GROW = (
    update(coverage)
    .where(
        coverage.c.family_id == bindparam("f"),
        coverage.c.machine_id == bindparam("m"),
        coverage.c.environment == bindparam("e"),
    )
    .values(files=coverage.c.files + bindparam("by"), generation=bindparam("g"))
)


def _covered(place: Place, files: int, generation: int) -> Row:
    names = ("family_id", "machine_id", "environment", "files", "generation")
    return dict(zip(names, (*place, files, generation), strict=True))


def file_row(row: int, found: Found, digest: str, settled: bool) -> Row:
    """Return a row of `source_file` for a file that no values come from."""
    return {
        "id": row,
        "path": found.path,
        "kind": found.kind,
        "size": found.size,
        "mtime_ns": found.mtime_ns,
        "settled": settled,
        "digest": digest,
        "subject_id": 0,
        "machine_id": None,
        "revision_id": None,
        "environment": "",
        "date": None,
        "taken": None,
        "value_count": 0,
    }


def problem_rows(row: int, problems: Sequence[Problem]) -> list[Row]:
    """Return rows of `problem`."""
    return [
        {"file_id": row, "place": place, "line": line, "reason": reason}
        for place, (line, reason) in enumerate(problems)
    ]


def _crashes(row: int, parsed: Parsed) -> Iterator[Row]:
    for place, one in enumerate(parsed.crashes):
        address = one.crash.fault_address
        yield {
            "file_id": row,
            "place": place,
            "benchmark": one.benchmark,
            "params": json.dumps(one.params),
            "outcome": one.outcome,
            "signal": one.crash.signal,
            "exit_status": one.crash.exit_status,
            "fault_address": "" if address is None else f"{address:#x}"[:20],
            "fingerprint": one.fingerprint,
            "record": json.dumps(asdict(one.crash)),
            "count": one.count,
            "taken": one.taken,
        }


def _slices(rows: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (rows[first : first + size] for first in range(0, len(rows), size))
