"""What lies in the results folder, read again only when a file in it has changed."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.pairs import Pair, find_pairs
from pagewalk.analysis.comparison import Comparison, compare
from pagewalk.errors import PagewalkError
from pagewalk.history import History, open_histories
from pagewalk.history.noise import MeasuredFloor
from pagewalk.model import Machine, Revision

_KEPT = 64
_READ = (".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is of one subject.

    Args:
        revisions: oldest first.
        coverage: names of the machines that have results, by commit.
        pairs: the pairs worth a look, newest first.
        problems: path and reason of every file that cannot be read.
    """

    subject: str
    machines: tuple[Machine, ...] = ()
    revisions: tuple[Revision, ...] = ()
    coverage: tuple[tuple[str, frozenset[str]], ...] = ()
    pairs: tuple[Pair, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


class Library:
    """Read-only access to the histories under one folder.

    Every answer is kept until a file changes; to know that costs one `stat` a file.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._shelves = lru_cache(maxsize=2)(self._read_shelves)
        self._comparisons = lru_cache(maxsize=_KEPT)(self._compare)

    def shelves(self) -> dict[str, Shelf]:
        """Return what there is, by subject.

        Raises:
            HistoryError: where there is no such folder.
        """
        return self._shelves(fingerprint(self.root))

    def comparison(self, subject: str, base: str, head: str) -> Comparison:
        """Compare two commits on every machine of a subject.

        Raises:
            KeyError: no such subject, or no such commit in it.
        """
        return self._comparisons(fingerprint(self.root), subject, base, head)

    def floors(self, subject: str, machine: str) -> tuple[MeasuredFloor, ...]:
        """Return the A/A noise floors that were measured on a machine of a subject."""
        history = open_histories(self.root).get(subject) if self.root.is_dir() else None
        return history.floors(machine) if history else ()

    def _read_shelves(self, _fingerprint: str) -> dict[str, Shelf]:
        return {name: _shelf(history) for name, history in open_histories(self.root).items()}

    def _compare(self, _fingerprint: str, subject: str, base: str, head: str) -> Comparison:
        history = open_histories(self.root)[subject]
        revisions = {revision.commit: revision for revision in history.revisions()}
        measured = {m.name: history.pair(base, head, m.name) for m in history.machines()}
        machines = [m for m in history.machines() if any(measured[m.name])]
        return compare(
            revisions[base],
            revisions[head],
            machines,
            {m.name: measured[m.name][0] for m in machines},
            {m.name: measured[m.name][1] for m in machines},
        )


def fingerprint(root: Path) -> str:
    """Return a name for the present state of all files: as long as it is the same, so are all answers."""
    digest = hashlib.blake2b(digest_size=16)
    for line in sorted(_stats(root)):
        digest.update(f"{line}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _stats(folder: Path) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _stats(Path(entry.path))
        elif entry.name.endswith(_READ):
            stat = entry.stat()
            yield f"{entry.path} {stat.st_mtime_ns} {stat.st_size}"


def _shelf(history: History) -> Shelf:
    try:
        return _readable_shelf(history)
    except PagewalkError as error:
        # One subject that cannot be read must not hide the others
        return Shelf(history.subject, problems=((error.message, error.remedy),))


def _readable_shelf(history: History) -> Shelf:
    machines, revisions = history.machines(), history.revisions()
    sittings = {r.commit: dict(_measured(history, r.commit, machines)) for r in revisions}
    return Shelf(
        history.subject,
        machines,
        tuple(revisions),
        tuple((commit, frozenset(found)) for commit, found in sittings.items()),
        tuple(find_pairs(revisions, sittings)),
        tuple((str(path), reason) for path, reason in history.problems()),
    )


def _measured(
    history: History, commit: str, machines: tuple[Machine, ...]
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield the machines that have results of a commit, with when each sitting began with it."""
    for machine in machines:
        names = history.sittings(commit, machine.name)
        if names or history.records(commit, machine.name):
            yield machine.name, {n: history.runs(commit, machine.name, n)[0].taken for n in names}
