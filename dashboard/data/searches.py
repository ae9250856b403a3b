"""All bisections there are: states in some folders, read again only where they have changed."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from dashboard.data.bisection import Look, look_at
from dashboard.data.query import Query
from pagewalk.analysis.regressions import SeriesName
from pagewalk.bisecting.state import State, read
from pagewalk.errors import ConfigError, HistoryError
from pagewalk.model import Case
from pagewalk.processes import Standing
from pagewalk.reports.next_command import bisect_command

FIELDS = ("search", "subject", "good", "bad", "benchmark", "params", "metric", "machine")
"""A search by its name; or a question, by what a search of it would be asked."""
MOST = 200
"""Files that are looked into: the newest ones."""
_Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Listed:
    """A search in the list of all.

    Args:
        name: in addresses.
        what: the case, or the command.
        where: the runner, or the repository.
        standing: None where an older pagewalk wrote the file.
        words: what it came to, as far as it said.
        updated: seconds since the epoch.
    """

    name: str
    what: str
    where: str
    executions: int
    standing: Standing | None
    words: str
    updated: float


@dataclass(frozen=True, slots=True)
class Shelved:
    """What lies in all folders: searches, what runs first, then the latest; and files that hold none."""

    listed: tuple[Listed, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    states: dict[str, State] = field(default_factory=dict)

    def mark(self) -> str:
        """Return a text that is another one as soon as anything is."""
        rows = [(one.name, one.executions, one.standing, one.updated) for one in self.listed]
        return f"{rows} {len(self.problems)}"


class Searches:
    """Read-only access to the searches in some folders."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = folders
        self._read = lru_cache(maxsize=2 * MOST)(_read)
        self._looks = lru_cache(maxsize=8)(self._look)

    def shelved(self) -> Shelved:
        """Return what there is."""
        states: dict[str, State] = {}
        problems: list[tuple[str, str]] = []
        for path, stamp in self._newest():
            try:
                states.setdefault(path.stem, self._read(path, stamp))
            except FileNotFoundError:
                continue  # gone since it was listed
            except (ConfigError, OSError) as error:
                problems.append((str(path), str(error)))
        listed = sorted(map(_listed, states.values()), key=_order)
        return Shelved(tuple(listed), tuple(problems), states)

    def look(self, shelved: Shelved, name: str) -> Look:
        """Return one search in full; the first of the list where no name is given.

        Raises:
            HistoryError: there is no such search, or none at all, or nothing can be made of it.
        """
        if not shelved.listed:
            raise HistoryError(
                "Nobody has searched for a bad commit here yet.",
                "Type `pagewalk bisect --good A --bad B -b 'Churn.*size=64'`, or in any repository "
                "`pagewalk bisect --good A --bad B --command './measure'`, and watch it here.",
            )
        listed = next((one for one in shelved.listed if name in ("", one.name)), None)
        if listed is None:
            raise HistoryError(f"There is no search {name[:80]!r}.", "Choose one of those in the list.")
        path = shelved.states[listed.name].path
        try:
            return self._looks(path, _stamp(path), listed.standing)
        except (ArithmeticError, ValueError, OSError, ConfigError) as error:
            raise HistoryError(
                f"Nothing can be made of {path}: {error}", "Search anew with --fresh."
            ) from error

    def asked(self, shelved: Shelved, query: Query) -> str:
        """Return the name of the search that an address means, of its question the latest; empty for any.

        Raises:
            HistoryError: nobody has searched for what it asks.
        """
        if query.one("search") or not query.one("benchmark"):
            return query.one("search")
        series = series_asked(query)
        of_case = [one for one in shelved.listed if one.what == str(series.case)]
        here = [one for one in of_case if one.where == series.machine]
        if found := (here or of_case):
            return found[0].name
        command = bisect_command(query.one("subject"), query.one("good"), query.one("bad"), series)
        raise HistoryError(
            f"Nobody has searched for the commit that changed {series.case} yet.",
            f"Type `{command}`, and watch it here.",
        )

    def _newest(self) -> list[tuple[Path, _Stamp]]:
        found = []
        for path in (path for folder in self.folders for path in folder.glob("*.json")):
            with contextlib.suppress(FileNotFoundError):
                found.append((path, _stamp(path)))
        return sorted(found, key=lambda one: one[1], reverse=True)[:MOST]

    def _look(self, path: Path, stamp: _Stamp, standing: Standing | None) -> Look:
        return look_at(self._read(path, stamp), standing)


def question_link(subject: str, good: str, bad: str, series: SeriesName) -> str:
    """Return the address of the search for the commit that changed a series, whether there is one or not."""
    asked = {"benchmark": series.case.benchmark, "params": tuple(f"{n}={v}" for n, v in series.case.params)}
    ends = {"subject": subject, "good": good, "bad": bad}
    return (
        f"/bisect{Query(FIELDS).but(**ends, **asked, metric=series.metric, machine=series.machine).write()}"
    )


def series_asked(query: Query) -> SeriesName:
    """Return the series that an address asks for."""
    params = tuple((name, value) for name, _, value in (text.partition("=") for text in query.many("params")))
    return SeriesName(query.one("machine"), Case(query.one("benchmark"), params), query.one("metric"))


def _read(path: Path, _stamp: _Stamp) -> State:
    return read(path)


def _stamp(path: Path) -> _Stamp:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


def _listed(state: State) -> Listed:
    asked, attempt = state.asked, state.attempt
    return Listed(
        state.path.stem,
        asked.what if asked else " ".join(state.question[3:]),
        asked.where if asked else " ".join(state.question[:1]),
        len(state.taken),
        attempt.standing if attempt else None,
        attempt.words if attempt else "",
        attempt.updated if attempt else 0.0,
    )


def _order(listed: Listed) -> tuple[bool, float]:
    return listed.standing is not Standing.RUNNING, -listed.updated
