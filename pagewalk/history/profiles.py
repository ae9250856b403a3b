"""Profiles in the history: folded stacks, one file an execution, which flame graph tools open as they are.

They lie in the evidence folder of a commit as `<case>.<event>.<number>.folded`.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pagewalk.analysis.profiles import Profile, parse_folded
from pagewalk.files import write_whole
from pagewalk.history import evidence
from pagewalk.model import Case

FAULTS = "page-faults"
"""The event that every sitting records once a case, as number 0."""

MOST_BYTES = 64 << 20
_EVENT = re.compile(r"([A-Za-z0-9_-]+)\.\d{1,9}\.folded")


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profiles of one commit on one machine.

    Args:
        results: the results folder of a subject.
    """

    results: Path
    machine: str
    commit: str

    def keep(self, case: Case, event: str, number: int, folded: str) -> None:
        """Write the stacks of one execution; where there were none, there is no file."""
        path = self._path(case, event, number)
        if folded:
            write_whole(path, folded)
        else:
            path.unlink(missing_ok=True)

    def kept_since(self, case: Case, event: str, number: int, moment: float) -> bool:
        """Return whether an execution was profiled at or after a moment, in seconds since the epoch."""
        try:
            return self._path(case, event, number).stat().st_mtime >= moment
        except OSError:
            return False

    def read(self, case: Case, event: str) -> list[Profile]:
        """Return the profiles of one case, one an execution, in the order they were taken.

        Raises:
            HistoryError: a file of them is no folded profile.
        """
        return self.read_slug(case_slug(case), _safe_event(event))

    def read_slug(self, slug: str, event: str) -> list[Profile]:
        """Return the same by names as `profiled` has them."""
        paths = self._paths(f"{slug}.{event}.")
        return [parse_folded(path.read_text(errors="replace")) for path in paths]

    def numbers(self, case: Case, event: str) -> set[int]:
        """Return which executions were profiled; one that had no sample of the event is not among them."""
        return {_number(path) for path in self._paths(f"{_stem(case, event)}.")}

    def events(self, case: Case) -> dict[str, int]:
        """Return how many executions were profiled by each event."""
        prefix = f"{case_slug(case)}."
        own = (path.name.removeprefix(prefix) for path in self._paths(prefix))
        return dict(Counter(match[1] for name in own if (match := _EVENT.fullmatch(name))))

    def _path(self, case: Case, event: str, number: int) -> Path:
        folder = evidence.folder(self.results, self.machine, self.commit)
        return folder / f"{_stem(case, event)}.{number}.folded"

    def _paths(self, prefix: str) -> list[Path]:
        """Return the profiles whose names begin with `prefix`, in the order of their numbers."""
        found = []
        for path in evidence.folder(self.results, self.machine, self.commit).glob("*.folded"):
            # Whoever sends results may send anything: what is too large to be a profile is none.
            small = path.is_file() and path.stat().st_size <= MOST_BYTES
            if path.name.startswith(prefix) and _EVENT.search(path.name) and small:
                found.append(path)
        return sorted(found, key=_number)


def _number(path: Path) -> int:
    return int(path.name.removesuffix(".folded").rpartition(".")[2])


def _stem(case: Case, event: str) -> str:
    return f"{case_slug(case)}.{_safe_event(event)}"


def _safe_event(event: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", event)[:60]


def case_slug(case: Case | str) -> str:
    """Return a case's name as it stands in file names: safe in any folder. A slug is its own slug."""
    return re.sub(r"[^A-Za-z0-9_.=-]+", "_", str(case))[:150]


@dataclass(frozen=True, slots=True, order=True)
class Profiled:
    """Something that was profiled.

    Args:
        slug: `case_slug` of the case.
        commit: its first eight digits.
        count: executions.
    """

    slug: str
    machine: str
    event: str
    commit: str
    count: int


def profiled(results: Path) -> list[Profiled]:
    """Return what was profiled, from the names of files alone."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    for path in results.glob("*/evidence/*/*.folded"):
        if match := _EVENT.search(path.name):
            slug = path.name[: match.start()].removesuffix(".")
            found[slug, path.parts[-4], match[1], path.parent.name] += 1
    return sorted(Profiled(*place, count) for place, count in found.items())
