"""Subjects as overview and compare page see them: lists from the index, two revisions in full detail."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dashboard.data.catalogue import Catalogue
from dashboard.data.keeping import Kept
from dashboard.data.pairs import Pair, find_pairs
from dashboard.data.rows import Row, all_rows
from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.settings import Settings
from pagewalk.errors import HistoryError
from pagewalk.history import History, open_histories
from pagewalk.history.noise import MeasuredFloor
from pagewalk.history.triage import state_of
from pagewalk.model import Machine, Revision
from pagewalk.workflows.comparing import Scope, judge_pair

_MOST_KEPT = 64 << 20
"""Bytes of comparisons; one of some thousand rows is ten million."""
_MOST_LOGS = 200
"""Commits whose logs are read to find who sat together: the newest ones."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is of one subject.

    Args:
        revisions: oldest first.
        coverage: names of the machines that have results, by commit.
        pairs: the pairs worth a look, newest first.
        problems: path and reason of every file that cannot be read.
        benchmarks: how many there are.
    """

    subject: str
    machines: tuple[Machine, ...] = ()
    revisions: tuple[Revision, ...] = ()
    coverage: tuple[tuple[str, frozenset[str]], ...] = ()
    pairs: tuple[Pair, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    benchmarks: int = 0


class Library:
    """Read-only access to the histories under one folder.

    Every answer is kept until the index has more.
    """

    def __init__(self, root: Path, catalogue: Catalogue) -> None:
        self.root = root
        self.catalogue = catalogue
        self._kept = Kept(_MOST_KEPT)

    def shelves(self) -> dict[str, Shelf]:
        """Return what there is, by subject.

        Raises:
            HistoryError: where there is no such folder.
        """
        if not self.root.is_dir():
            raise HistoryError(
                f"There is no results folder at {self.root}.",
                "Type `pagewalk run` to measure something, or give another folder with --results.",
            )
        return self._kept.get(self.catalogue.state.version, self._read_shelves)

    def comparison(self, subject: str, base: str, head: str) -> Comparison:
        """Compare two commits on every machine of a subject.

        Raises:
            KeyError: no such subject, or no such commit in it.
        """
        asked = (self.catalogue.state.version, subject, base, head)
        return self._kept.get(asked, lambda: self._compare(subject, base, head))

    def rows(self, subject: str, base: str, head: str) -> tuple[Row, ...]:
        """Return every row of a comparison, the most urgent first; raises as `comparison` does."""
        asked = (self.catalogue.state.version, subject, base, head, "rows")
        return self._kept.get(asked, lambda: tuple(all_rows(self.comparison(subject, base, head))))

    def history(self, subject: str) -> History | None:
        """Return the results folder of a subject; None where there is none."""
        return open_histories(self.root).get(subject) if self.root.is_dir() else None

    def decisions(self) -> Hashable:
        """Name the present state of what people decided about findings: one `stat` a subject."""
        return tuple(state_of(folder) for folder in (self.root, *sorted(self.root.glob("*/"))))

    def floors(self, subject: str, machine: str) -> tuple[MeasuredFloor, ...]:
        """Return every A/A noise floor that was ever measured on a machine of a subject."""
        history = self.history(subject)
        return history.all_floors(machine) if history else ()

    def _read_shelves(self) -> dict[str, Shelf]:
        return {summary.name: self._shelf(summary.name) for summary in self.catalogue.summaries()}

    def _compare(self, subject: str, base: str, head: str) -> Comparison:
        shelf = self.shelves()[subject]
        revisions = {revision.commit: revision for revision in shelf.revisions}
        history = open_histories(self.root)[subject]
        pair = (revisions[base], revisions[head])
        read_past = partial(self.catalogue.past, subject)
        return judge_pair(history, pair, shelf.machines, Settings(), Scope(read_past=read_past))

    def _shelf(self, subject: str) -> Shelf:
        indexed = self.catalogue.revisions(subject)
        revisions = [Revision(subject, r.commit, r.name, r.date or 0) for r in indexed]
        machines = tuple(summary.machine for summary in self.catalogue.machines(subject))
        coverage: dict[str, set[str]] = {revision.commit: set() for revision in revisions}
        for cell in self.catalogue.outcomes(subject):
            coverage.setdefault(cell.commit, set()).add(cell.machine)
        for row in self.catalogue.crashes(subject):
            coverage.setdefault(row.revision.commit, set()).add(row.machine)
        sittings: dict[str, dict[str, dict[str, float]]] = {
            commit: {name: {} for name in names} for commit, names in coverage.items()
        }
        history = self.history(subject)
        if history is not None:
            for revision in revisions[-_MOST_LOGS:]:
                sittings[revision.commit] |= dict(_sittings(history, revision.commit, machines))
        return Shelf(
            subject,
            machines,
            tuple(revisions),
            tuple((commit, frozenset(names)) for commit, names in coverage.items()),
            tuple(find_pairs(revisions, sittings)),
            tuple(self._problems(subject)),
            len(self.catalogue.benchmarks(subject)),
        )

    def _problems(self, subject: str) -> Iterator[tuple[str, str]]:
        folder = next(s.folder for s in self.catalogue.summaries() if s.name == subject)
        for row in self.catalogue.problems():
            if not folder or row.path.startswith(f"{folder}/"):
                yield f"{row.path}:{row.line}" if row.line else row.path, row.reason


def _sittings(
    history: History, commit: str, machines: tuple[Machine, ...]
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield the machines that have our own log of a commit, with when each sitting began with it."""
    for machine in machines:
        names = history.sittings(commit, machine.name)
        if names:
            yield machine.name, {n: history.runs(commit, machine.name, n)[0].taken for n in names}
