"""What the crashes page shows: executions that did not end well, by kind, over revisions and machines."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboard.data.catalogue import Catalogue
from dashboard.data.query import Query
from dashboard.data.trend import chosen
from dashboard.looks.states import STATE_LOOKS
from pagewalk.index.answering.model import CrashRow, IndexedRevision
from pagewalk.index.states import NOT_FINITE, NOT_RUN, OK
from pagewalk.model import Outcome

FIELDS = ("subject", "machine", "kind", "crash")
"""What an address of the page may ask. `kind` is a fingerprint; `crash`, one record."""

MOST_REVISIONS = 60
"""Rows of the matrix; older ones are told, not drawn."""

_SEVERITY = {state: place for place, state in enumerate(STATE_LOOKS)}
_UNREMARKABLE = (OK, Outcome.AS_EXPECTED.value, NOT_RUN, NOT_FINITE)


@dataclass(frozen=True, slots=True)
class CrashKind:
    """Crashes that look the same.

    Args:
        rows: newest commit first.
    """

    fingerprint: str
    rows: tuple[CrashRow, ...]

    @property
    def executions(self) -> int:
        return sum(row.count for row in self.rows)

    @property
    def first(self) -> IndexedRevision:
        return min((row.revision for row in self.rows), key=lambda revision: revision.position)

    @property
    def last(self) -> IndexedRevision:
        return max((row.revision for row in self.rows), key=lambda revision: revision.position)

    @property
    def machines(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.machine for row in self.rows))


@dataclass(frozen=True, slots=True)
class Crashes:
    """What did not end well in one subject.

    Args:
        kinds: the newest first.
        cells: how the cases of a commit on a machine ended, by commit and machine; none where not run.
        revisions: those that are drawn, newest first.
        left_out: how many more have something to tell.
        opened: the record that the address names.
    """

    subject: str
    machines: tuple[str, ...]
    kinds: tuple[CrashKind, ...]
    revisions: tuple[IndexedRevision, ...]
    left_out: int
    cells: Mapping[tuple[str, str], Mapping[str, int]]
    rows: tuple[CrashRow, ...]
    opened: CrashRow | None


def crashes(catalogue: Catalogue, query: Query) -> Crashes:
    """Answer a query.

    Raises:
        PagewalkError: there is no such subject.
    """
    subject = chosen(query.one("subject"), catalogue.subjects(), "subject")
    machines = [summary.machine.name for summary in catalogue.machines(subject)]
    wanted = [name for name in machines if not query.many("machine") or name in query.many("machine")]
    rows = [row for row in catalogue.crashes(subject) if row.machine in wanted]
    shown = [row for row in rows if query.one("kind") in ("", row.fingerprint)]
    cells = _cells(catalogue, subject)
    told = _remarkable(catalogue.revisions(subject), wanted, cells, shown if query.one("kind") else None)
    return Crashes(
        subject,
        tuple(wanted),
        tuple(kinds_of(rows)),
        tuple(told[:MOST_REVISIONS]),
        max(0, len(told) - MOST_REVISIONS),
        cells,
        tuple(shown),
        next((row for row in rows if identity(row) == query.one("crash")), None),
    )


def _cells(catalogue: Catalogue, subject: str) -> dict[tuple[str, str], dict[str, int]]:
    """Values that ended well or not, and executions that left no value at all."""
    cells = {(cell.commit, cell.machine): dict(cell.counts) for cell in catalogue.outcomes(subject)}
    executions: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in catalogue.crashes(subject):
        executions[row.revision.commit, row.machine][row.outcome] += row.count
    for place, counted in executions.items():
        cells[place] = {**cells.get(place, {}), **counted}
    return cells


def kinds_of(rows: Sequence[CrashRow]) -> Iterator[CrashKind]:
    """Group crashes by fingerprint, the kind with the newest commit first."""
    by_print: dict[str, list[CrashRow]] = {}
    for row in rows:
        by_print.setdefault(row.fingerprint, []).append(row)
    yield from (CrashKind(name, tuple(members)) for name, members in by_print.items())


def identity(row: CrashRow) -> str:
    """Return what names one record in an address."""
    params = ",".join(value for _, value in row.params)
    return f"{row.fingerprint}@{row.revision.commit[:12]}@{row.machine}@{row.benchmark}({params})"


def worst(counts: Mapping[str, int]) -> str:
    """Return the state that a cell is drawn as: what did not end well before what did."""
    bad = [state for state in counts if state not in _UNREMARKABLE]
    return min(bad, key=lambda state: _SEVERITY.get(state, len(_SEVERITY)), default=OK)


def _remarkable(
    revisions: Sequence[IndexedRevision],
    machines: Sequence[str],
    cells: Mapping[tuple[str, str], Mapping[str, int]],
    only: Sequence[CrashRow] | None,
) -> list[IndexedRevision]:
    """Newest first: commits where something did not end well, and their neighbours, to show when it began."""
    if only is not None:
        named = {row.revision.commit for row in only}
        bad = [at for at, r in enumerate(revisions) if r.commit in named]
    else:
        bad = [
            at
            for at, r in enumerate(revisions)
            if any(worst(cells.get((r.commit, machine), {})) != OK for machine in machines)
        ]
    near = {at + step for at in bad for step in (-1, 0, 1) if 0 <= at + step < len(revisions)}
    return [revisions[at] for at in sorted(near, reverse=True)]
