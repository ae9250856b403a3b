"""The history of one subject: an asv results folder, our logs in it, and what both say of a revision."""

import contextlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path
from typing import Any

from asv.util import UserError

from pagewalk.errors import HistoryError
from pagewalk.files import write_whole
from pagewalk.history import asvfile, evidence, noise, runlog
from pagewalk.history.codec import LoggedRun
from pagewalk.history.noise import MeasuredFloor
from pagewalk.history.records import latest_of, record_of, samples_of
from pagewalk.history.runlog import Problem
from pagewalk.model import EMULATED, Case, Machine, Outcome, Record, Revision, Values

Records = Mapping[Case, Record]
Header = tuple[str, int, str]
"""Of an asv result file: the commit, its date in seconds since the epoch, the environment."""


class History:
    """One asv results folder.

    Args:
        folder: holds `benchmarks.json` and a folder a machine.
        subject: whose revisions its commits are; the folder's name where it is not given.
    """

    def __init__(self, folder: Path, subject: str = "") -> None:
        self.folder = folder
        self.subject = subject or folder.resolve().name

    # -- writing ---------------------------------------------------------------------------------

    def log(self, machine: str, commit: str, runs: Sequence[LoggedRun]) -> None:
        """Append runs at once, before anything else can go wrong."""
        runlog.append(self._log(machine, commit), runs)

    def publish(
        self,
        machine: str,
        facts: Mapping[str, str],
        revision: Revision,
        benchmarks: Sequence[Mapping[str, Any]],
        sitting: str,
    ) -> None:
        """Bring asv's files and pyperf's up to date with what the log holds of one sitting."""
        fields = asvfile.write_machine(self.folder, machine, facts)
        taken = [run for run in self._runs(machine, revision.commit) if run.sitting == sitting]
        measured = asvfile.Measured(samples_of(taken), latest_of(taken))
        asvfile.write_results(self.folder, fields, revision, benchmarks, measured)
        path = evidence.folder(self.folder, machine, revision.commit) / f"{sitting}.pyperf.json.gz"
        evidence.write_pyperf(path, taken)
        self._name(revision)

    def describe(self, benchmarks: Mapping[str, Mapping[str, Any]]) -> None:
        """Merge asv's descriptions of benchmarks into `benchmarks.json`."""
        known = dict(self._benchmarks())
        merged = known | {name: dict(value) for name, value in benchmarks.items()}
        if merged != known:
            write_whole(
                self.folder / "benchmarks.json", json.dumps(merged | {"version": 2}, indent=4, sort_keys=True)
            )

    def _name(self, revision: Revision) -> None:
        names = self._names()
        entry = {"name": revision.name, "date": revision.date}
        if names.get(revision.commit) != entry:
            rows = {**names, revision.commit: entry}
            lines = [json.dumps({"commit": c, **rows[c]}, sort_keys=True) for c in sorted(rows)]
            write_whole(self._names_path, "".join(f"{line}\n" for line in lines))

    # -- reading ---------------------------------------------------------------------------------

    def machines(self) -> tuple[Machine, ...]:
        """Return every machine that has a readable `machine.json`, real ones first."""
        found = []
        for path in sorted(self.folder.glob("*/machine.json")):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                facts = {str(k): str(v) for k, v in json.loads(path.read_text()).items()}
                name = path.parent.name
                found.append(Machine(name, facts.get("arch", "?"), name.startswith(EMULATED), facts))
        return tuple(sorted(found, key=lambda machine: (machine.emulated, machine.name)))

    def revisions(self) -> list[Revision]:
        """Return the revisions that have results, oldest first."""
        names = self._names()
        found: dict[str, Revision] = {}
        for path in self._result_files():
            header = _header(path, path.stat().st_mtime_ns)
            if header is None:
                continue
            commit, date, _ = header
            entry = names.get(commit, {})
            found[commit] = Revision(self.subject, commit, str(entry.get("name", commit[:10])), date)
        for commit, entry in names.items():
            if commit not in found and any(self.folder.glob(f"*/{_log_name(commit)}")):
                found[commit] = Revision(self.subject, commit, str(entry["name"]), int(entry["date"]))
        return sorted(found.values(), key=lambda revision: (revision.date, revision.name))

    def records(
        self, commit: str, machine: str, sitting: str = "", environments: Set[str] = frozenset()
    ) -> Records:
        """Return what is known of every case at one commit on one machine.

        Args:
            sitting: take the runs of this sitting; without it, of each case's latest one.
            environments: take plain asv's results from these; without any, from all.

        What plain asv measured later than our own runs stands in their place.
        """
        by_case: dict[Case, list[LoggedRun]] = defaultdict(list)
        for logged in self._runs(machine, commit):
            by_case[logged.case].append(logged)
        records = {}
        latest: dict[Case, float] = {}
        for case, runs in by_case.items():
            wanted = sitting if any(run.sitting == sitting for run in runs) else runs[-1].sitting
            chosen = [r for r in runs if r.sitting == wanted and r.version == runs[-1].version]
            records[case] = record_of(case, chosen)
            latest[case] = runs[-1].taken
        if not sitting:
            paths = self.files(machine, commit)
            chosen_paths = [p for p in paths if not environments or _environments([p]) <= environments]
            self._merge_asv(chosen_paths, machine, records, latest)
        return records

    def pair(self, base: str, head: str, machine: str) -> tuple[Records, Records]:
        """Return the records of two commits, of the latest sitting both were part of where there is one."""
        common = self.sittings(base, machine) & self.sittings(head, machine)
        sitting = max(common, default="")
        names = _environments(self.files(machine, base)) & _environments(self.files(machine, head))
        first = self.records(base, machine, sitting, names)
        return first, self.records(head, machine, sitting, names)

    def sittings(self, commit: str, machine: str) -> set[str]:
        """Return the sittings that measured a commit on a machine; their names sort by time."""
        return {logged.sitting for logged in self._runs(machine, commit)}

    def runs(self, commit: str, machine: str, sitting: str) -> list[LoggedRun]:
        """Return the runs of one sitting in the order they were taken."""
        return [run for run in self._runs(machine, commit) if run.sitting == sitting]

    def floors(self, machine: str) -> tuple[MeasuredFloor, ...]:
        """Return the A/A noise floors that were measured on a machine."""
        return noise.read(self.folder / machine)[0]

    def keep_floors(self, machine: str, floors: Sequence[MeasuredFloor]) -> None:
        """Add A/A noise floors to those of a machine."""
        noise.merge(self.folder / machine, floors)

    def problems(self) -> list[Problem]:
        """Return every file, or line of one, that cannot be read, with the reason."""
        found: list[Problem] = []
        for path in sorted(self.folder.glob("*/*.runs.jsonl")):
            found += runlog.read(path)[1]
        for path in sorted(self.folder.glob(f"*/{noise.FILE}")):
            found += noise.read(path.parent)[1]
        for path in self._result_files():
            if _header(path, path.stat().st_mtime_ns) is None:
                found.append((str(path), "not a result file of asv: cut short, or not JSON"))
        for path in sorted(self.folder.glob("*/machine.json")):
            try:
                json.loads(path.read_text())
            except (OSError, ValueError) as error:
                found.append((str(path), str(error)))
        return found

    # -- places ----------------------------------------------------------------------------------

    @property
    def _names_path(self) -> Path:
        return self.folder / "revisions.jsonl"

    def _names(self) -> dict[str, dict[str, Any]]:
        try:
            rows = [json.loads(line) for line in self._names_path.read_text().splitlines()]
            return {str(r["commit"]): {"name": str(r["name"]), "date": int(r["date"])} for r in rows}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError) as error:
            raise HistoryError(
                f"{self._names_path} cannot be read: {error}",
                f"Restore it with `git checkout -- {self._names_path}`, or delete it: names come back "
                "with the next run.",
            ) from error

    def _log(self, machine: str, commit: str) -> Path:
        return self.folder / machine / _log_name(commit)

    def _runs(self, machine: str, commit: str) -> tuple[LoggedRun, ...]:
        return runlog.read(self._log(machine, commit))[0]

    def _result_files(self) -> list[Path]:
        skip = {"machine.json", "benchmarks.json"}
        return [path for path in sorted(self.folder.glob("*/*.json")) if path.name not in skip]

    def _benchmarks(self) -> dict[str, dict[str, Any]]:
        path = self.folder / "benchmarks.json"
        try:
            return _described(path, path.stat().st_mtime_ns)
        except OSError:
            return {}

    def files(self, machine: str, commit: str) -> list[Path]:
        """Return asv's result files of a commit on a machine, whatever their project calls them."""
        folder = self.folder / machine
        named = [path for path in folder.glob(f"{commit[:8]}*.json") if _commit_of(path) == commit]
        return sorted(named or (path for path in folder.glob("*.json") if _commit_of(path) == commit))

    def past(self, machine: str, commit: str, most: int) -> list[Path]:
        """Return asv's result files of the last `most` commits before one, oldest first.

        They are of environments that the commit itself was measured in: others are other series.
        """
        mine = [header for path in self.files(machine, commit) if (header := _header_of(path))]
        names = {name for _, _, name in mine}
        before = [
            (header[1], path)
            for path in (self.folder / machine).glob("*.json")
            if (header := _header_of(path)) and mine and header[1] < mine[0][1] and header[2] in names
        ]
        return [path for _, path in sorted(before)][-most:]

    def _merge_asv(
        self, paths: Iterable[Path], machine: str, records: dict[Case, Record], latest: Mapping[Case, float]
    ) -> None:
        values: dict[Case, dict[str, Values]] = defaultdict(dict)
        for path in paths:
            for case, value, taken in self.values(path, machine):
                if taken > latest.get(case, 0.0) + 60 or case not in latest:
                    values[case][value.metric] = value
        for case, found in values.items():
            records[case] = Record(case, {_outcome(found.values()): 1}, found)

    def values(self, path: Path, machine: str) -> list[tuple[Case, Values, float]]:
        """Return every value of one of asv's files with the time it was taken; none of a broken file."""
        try:
            return list(asvfile.read_values(path, machine, self._benchmarks()))
        except (UserError, OSError, ValueError, KeyError, TypeError, AttributeError):
            return []


def open_histories(root: Path) -> dict[str, History]:
    """Return the histories under `root` by subject.

    `root` holds one asv results folder a subject, or is itself one, of any project.

    Raises:
        HistoryError: where there is no such folder.
    """
    if not root.is_dir():
        raise HistoryError(
            f"There is no results folder at {root}.",
            "Type `pagewalk run` to measure something, or give another folder with --results.",
        )
    if any(root.glob("*/machine.json")):
        return {(history := History(root)).subject: history}
    folders = sorted({path.parent.parent for path in root.glob("*/*/machine.json")})
    return {folder.name: History(folder) for folder in folders}


@lru_cache(maxsize=16)
def _described(path: Path, _mtime: int) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(path.read_text())
        return {name: value for name, value in found.items() if isinstance(value, dict)}
    except (OSError, ValueError, AttributeError):
        return {}


def _header_of(path: Path) -> Header | None:
    try:
        return _header(path, path.stat().st_mtime_ns)
    except OSError:
        return None


def _environments(paths: Iterable[Path]) -> Set[str]:
    return {header[2] for path in paths if (header := _header_of(path))}


def _commit_of(path: Path) -> str:
    header = _header_of(path)
    return header[0] if header else ""


def _outcome(found: Iterable[Values]) -> Outcome:
    """What asv left out on purpose, or could not run there, is no failure."""
    values = list(found)
    if any(value.samples for value in values):
        return Outcome.OK
    return Outcome.FAILED if any(v.missing == asvfile.FAILED for v in values) else Outcome.UNSUPPORTED


def _log_name(commit: str) -> str:
    return asvfile.results_name(commit).removesuffix(".json") + ".runs.jsonl"


@lru_cache(maxsize=8192)
def _header(path: Path, _mtime: int) -> Header | None:
    try:
        content = json.loads(path.read_text())
        commit, date, name = content["commit_hash"], content["date"], content.get("env_name", "")
        return (str(commit), int(date) // 1000, str(name)) if isinstance(content["results"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
