"""What is there: subjects, machines, revisions, benchmarks, outcomes, crashes, problems. Pure reads."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Table, distinct, func, or_, select

from pagewalk.history.codec import crash_in
from pagewalk.index.answering.model import (
    BenchmarkSummary,
    CrashRow,
    IndexedRevision,
    MachineSummary,
    OutcomeCell,
    Page,
    ProblemRow,
    SubjectSummary,
    Totals,
)
from pagewalk.index.answering.selecting import as_revision, names_of, revision_rows, subject_id
from pagewalk.index.database import Index
from pagewalk.index.files import LOG, RESULT
from pagewalk.index.schema import (
    benchmark,
    coverage,
    crash,
    family,
    layout,
    machine,
    problem,
    revision,
    source_file,
    subject,
    tally,
)
from pagewalk.index.states import STATES
from pagewalk.model import EMULATED, Crash, Machine


def totals(index: Index) -> Totals:
    """Return how much is indexed."""

    def count(column: ColumnElement[Any]) -> Any:
        return connection.execute(select(column)).scalar_one()

    def rows(table: Table) -> Any:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()

    with index.reading() as connection:
        return Totals(
            subjects=rows(subject),
            machines=rows(machine),
            revisions=rows(revision),
            benchmarks=rows(benchmark),
            files=rows(source_file),
            values=int(count(func.coalesce(func.sum(source_file.c.value_count), 0))),
            crashes=int(count(func.coalesce(func.sum(crash.c.count), 0))),
            problems=rows(problem),
        )


def subjects(index: Index) -> tuple[SubjectSummary, ...]:
    """Return the results folders under the root, by name."""
    machines = select(func.count()).where(machine.c.subject_id == subject.c.id).scalar_subquery()
    revisions_ = select(func.count()).where(revision.c.subject_id == subject.c.id).scalar_subquery()
    benchmarks_ = select(func.count()).where(benchmark.c.subject_id == subject.c.id).scalar_subquery()
    last = select(func.max(source_file.c.taken)).where(source_file.c.subject_id == subject.c.id)
    query = select(
        subject.c.name, subject.c.folder, machines, revisions_, benchmarks_, last.scalar_subquery()
    )
    with index.reading() as connection:
        return tuple(SubjectSummary(*row) for row in connection.execute(query.order_by(subject.c.name)))


def machines(index: Index, subject_name: str) -> tuple[MachineSummary, ...]:
    """Return the machines of a subject: real ones first, by name.

    Raises:
        HistoryError: there is no such subject.
    """
    with index.reading() as connection:
        row = subject_id(connection, subject_name)
        files = (
            select(
                source_file.c.machine_id,
                source_file.c.environment,
                func.count(distinct(source_file.c.revision_id)).label("revisions"),
                func.max(source_file.c.taken).label("taken"),
            )
            .where(source_file.c.subject_id == row, source_file.c.revision_id.is_not(None))
            .group_by(source_file.c.machine_id, source_file.c.environment)
            .order_by(source_file.c.environment)
        )
        by_machine = defaultdict(list)
        for entry in connection.execute(files):
            by_machine[entry.machine_id].append(entry)
        distinct_revisions = _by_key(
            connection.execute(
                select(source_file.c.machine_id, func.count(distinct(source_file.c.revision_id)))
                .where(source_file.c.subject_id == row)
                .group_by(source_file.c.machine_id)
            )
        )
        found = [
            MachineSummary(
                _machine(entry.name, json.loads(entry.facts or "{}")),
                tuple(e.environment for e in by_machine[entry.id]),
                distinct_revisions.get(entry.id, 0),
                max((e.taken for e in by_machine[entry.id] if e.taken is not None), default=None),
            )
            for entry in connection.execute(select(machine).where(machine.c.subject_id == row))
        ]
    return tuple(sorted(found, key=lambda summary: (summary.machine.emulated, summary.machine.name)))


def _by_key(rows: Iterable[Any]) -> dict[int, int]:
    return {row[0]: int(row[1]) for row in rows}


def _machine(name: str, facts: dict[str, str]) -> Machine:
    return Machine(name, facts.get("arch", "?"), name.startswith(EMULATED), facts)


def revisions(index: Index, subject_name: str, *, machine_name: str = "") -> tuple[IndexedRevision, ...]:
    """Return the revisions of a subject, oldest first; of one machine where it is named.

    Raises:
        HistoryError: there is no such subject.
    """
    with index.reading() as connection:
        row = subject_id(connection, subject_name)
        where = revision.c.subject_id == row
        if machine_name:
            mine = (
                select(source_file.c.revision_id)
                .join(machine, machine.c.id == source_file.c.machine_id)
                .where(machine.c.subject_id == row, machine.c.name == machine_name)
            )
            where &= revision.c.id.in_(mine)
        return tuple(revision_rows(connection, where).values())


def benchmarks(
    index: Index, subject_name: str, *, search: str = "", offset: int = 0, limit: int = 100
) -> Page[BenchmarkSummary]:
    """Return benchmarks by name.

    Args:
        search: words that the name must hold, all of them, upper or lower case.

    Raises:
        HistoryError: there is no such subject.
    """
    with index.reading() as connection:
        where = [benchmark.c.subject_id == subject_id(connection, subject_name)]
        where += [benchmark.c.name.icontains(word, autoescape=True) for word in search.split()]
        total = connection.execute(select(func.count()).select_from(benchmark).where(*where)).scalar_one()
        query = select(benchmark).where(*where).order_by(benchmark.c.name).offset(offset).limit(limit)
        found = connection.execute(query).all()
        series = (
            select(family.c.benchmark_id, func.sum(layout.c.cases))
            .select_from(coverage.join(family, family.c.id == coverage.c.family_id))
            .join(layout, layout.c.id == family.c.layout_id)
            .join(benchmark, benchmark.c.id == family.c.benchmark_id)
            .where(
                benchmark.c.id.in_([row.id for row in found]),
                or_(benchmark.c.version == "", family.c.version.in_([benchmark.c.version, ""])),
            )
            .group_by(family.c.benchmark_id)
        )
        counts = _by_key(connection.execute(series))
    rows = tuple(
        BenchmarkSummary(row.name, row.unit, names_of(row.param_names), counts.get(row.id, 0), row.version)
        for row in found
    )
    return Page(rows, total, offset)


def outcomes(index: Index, subject_name: str) -> tuple[OutcomeCell, ...]:
    """Return how many values of each commit on each machine are in which state, oldest commit first.

    Raises:
        HistoryError: there is no such subject.
    """
    with index.reading() as connection:
        row = subject_id(connection, subject_name)
        place = (revision.c.commit_hash, machine.c.name, source_file.c.environment)
        query = (
            select(*place, source_file.c.kind, tally.c.state, func.sum(tally.c.cases))
            .join(source_file, source_file.c.id == tally.c.file_id)
            .join(revision, revision.c.id == source_file.c.revision_id)
            .join(machine, machine.c.id == source_file.c.machine_id)
            .where(source_file.c.subject_id == row)
            .group_by(revision.c.position, revision.c.id, *place, source_file.c.kind, tally.c.state)
            .order_by(revision.c.position, revision.c.id, machine.c.name, source_file.c.kind)
        )
        files: dict[tuple[str, str, str], dict[str, dict[str, int]]] = {}
        for commit, name, environment, kind, state, cases in connection.execute(query):
            kinds = files.setdefault((commit, name, environment), {})
            kinds.setdefault(kind, {})[STATES[state]] = int(cases)
    cells: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (commit, name, _), kinds in files.items():
        # a log and asv's file beside it tell of the same values, and the log tells more
        cells[commit, name] += Counter(kinds.get(LOG) or kinds[RESULT])
    return tuple(OutcomeCell(commit, name, counts) for (commit, name), counts in cells.items())


def crashes(
    index: Index, *, subject_name: str = "", fingerprint: str = "", offset: int = 0, limit: int = 200
) -> Page[CrashRow]:
    """Return crashes and failures, newest commit first.

    Args:
        subject_name: of one subject only.
        fingerprint: of one kind only.
    """
    where = [subject.c.name == subject_name] if subject_name else []
    where += [crash.c.fingerprint == fingerprint] if fingerprint else []
    joined = (
        crash.join(source_file, source_file.c.id == crash.c.file_id)
        .join(subject, subject.c.id == source_file.c.subject_id)
        .join(revision, revision.c.id == source_file.c.revision_id)
        .join(machine, machine.c.id == source_file.c.machine_id)
    )
    columns = select(
        subject.c.name.label("subject_name"),
        machine.c.name.label("machine_name"),
        revision,
        *[column for column in crash.c if column.name not in ("file_id", "place")],
    )
    order = (revision.c.position.desc(), machine.c.name, crash.c.file_id, crash.c.place)
    with index.reading() as connection:
        total = connection.execute(select(func.count()).select_from(joined).where(*where)).scalar_one()
        query = columns.select_from(joined).where(*where).order_by(*order).offset(offset).limit(limit)
        rows = tuple(
            CrashRow(
                subject=row.subject_name,
                machine=row.machine_name,
                revision=as_revision(row),
                benchmark=row.benchmark,
                params=tuple((name, value) for name, value in json.loads(row.params)),
                outcome=row.outcome,
                signal=row.signal,
                exit_status=row.exit_status,
                fault_address=row.fault_address,
                fingerprint=row.fingerprint,
                crash=crash_in(json.loads(row.record)) or Crash(),
                count=row._mapping["count"],
                taken=row.taken,
            )
            for row in connection.execute(query)
        )
    return Page(rows, total, offset)


def problems(index: Index, *, offset: int = 0, limit: int = 1000) -> Page[ProblemRow]:
    """Return what could not be read, by path."""
    with index.reading() as connection:
        total = connection.execute(select(func.count()).select_from(problem)).scalar_one()
        query = (
            select(source_file.c.path, problem.c.line, problem.c.reason)
            .join(problem, problem.c.file_id == source_file.c.id)
            .order_by(source_file.c.path, problem.c.place)
            .offset(offset)
            .limit(limit)
        )
        return Page(tuple(ProblemRow(*row) for row in connection.execute(query)), total, offset)
