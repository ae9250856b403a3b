"""The history of one subject: an asv results folder, our logs in it, and what both say of a revision."""

import contextlib
import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import repeat
from pathlib import Path
from typing import Any

from pagewalk.errors import HistoryError
from pagewalk.history import asvfile, evidence, names, noise, runlog
from pagewalk.history.asvfolder import AsvFolder, environments
from pagewalk.history.asvresult import FAILED, ResultFile
from pagewalk.history.codec import LoggedRun
from pagewalk.history.noise import MeasuredFloor
from pagewalk.history.records import latest_of, record_of, samples_of
from pagewalk.history.runlog import Problem
from pagewalk.model import EMULATED, Case, Machine, Outcome, Record, Revision, Values
from pagewalk.named import named

Records = Mapping[Case, Record]

# Shared by all that plain asv measured: a file has thousands of cases
_ONCE: Mapping[Outcome, Mapping[Outcome, int]] = {outcome: {outcome: 1} for outcome in Outcome}
_NONE: Mapping[str, Any] = {}


class History:
    """One asv results folder.

    Args:
        folder: holds `benchmarks.json` and a folder a machine.
        subject: whose revisions its commits are; the folder's name where it is not given.
    """

    def __init__(self, folder: Path, subject: str = "") -> None:
        self.folder = folder
        self.asv = AsvFolder(folder)
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
        names.keep(self.folder, revision)

    def describe(self, benchmarks: Mapping[str, Mapping[str, Any]]) -> None:
        """Merge asv's descriptions of benchmarks into `benchmarks.json`."""
        self.asv.describe(benchmarks)

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
        known = names.read(self.folder)
        found: dict[str, Revision] = {}
        for commit, date, _ in self.asv.headers():
            name = str(known.get(commit, {}).get("name", commit[:10]))
            found[commit] = Revision(self.subject, commit, name, date)
        for commit, entry in known.items():
            if commit not in found and any(self.folder.glob(f"*/{_log_name(commit)}")):
                found[commit] = Revision(self.subject, commit, str(entry["name"]), int(entry["date"]))
        return sorted(found.values(), key=lambda revision: (revision.date, revision.name))

    def records(self, commit: str, machine: str, sitting: str = "") -> Records:
        """Return what is known of every case at one commit on one machine.

        Args:
            sitting: take the runs of this sitting; without it, of each case's latest one.

        What plain asv measured later than our own runs stands in their place.
        """
        files = [] if sitting else self.asv.files(machine, commit)
        return self._records(commit, machine, sitting, files)

    def pair(self, base: str, head: str, machine: str) -> tuple[Records, Records]:
        """Return the records of two commits, of the latest sitting both were part of where there is one.

        Of plain asv's results those count of environments that both were measured in; of all, where there
        are none such.
        """
        common = self.sittings(base, machine) & self.sittings(head, machine)
        sitting = max(common, default="")
        before, after = ([] if sitting else self.asv.files(machine, commit) for commit in (base, head))
        both = environments(before) & environments(after)
        return (
            self._records(base, machine, sitting, _within(both, before)),
            self._records(head, machine, sitting, _within(both, after)),
        )

    def _records(self, commit: str, machine: str, sitting: str, files: Sequence[ResultFile]) -> Records:
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
        self._merge_asv(files, machine, records, latest)
        return records

    def sittings(self, commit: str, machine: str) -> set[str]:
        """Return the sittings that measured a commit on a machine; their names sort by time."""
        return {logged.sitting for logged in self._runs(machine, commit)}

    def runs(self, commit: str, machine: str, sitting: str) -> list[LoggedRun]:
        """Return the runs of one sitting in the order they were taken."""
        return [run for run in self._runs(machine, commit) if run.sitting == sitting]

    def floors(self, machine: str) -> tuple[MeasuredFloor, ...]:
        """Return the A/A noise floors that were measured on a machine."""
        return noise.read(self.folder / machine)[0]

    def all_floors(self, machine: str) -> tuple[MeasuredFloor, ...]:
        """Return every A/A noise floor that was ever measured on a machine, by case, metric and time."""
        return noise.read_all(self.folder / machine)[0]

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
        found += [
            (str(path), "not a result file of asv: cut short, or not JSON") for path in self.asv.broken()
        ]
        for path in sorted(self.folder.glob("*/machine.json")):
            try:
                json.loads(path.read_text())
            except (OSError, ValueError) as error:
                found.append((str(path), str(error)))
        return found

    # -- places ----------------------------------------------------------------------------------

    def _log(self, machine: str, commit: str) -> Path:
        return self.folder / machine / _log_name(commit)

    def _runs(self, machine: str, commit: str) -> tuple[LoggedRun, ...]:
        return runlog.read(self._log(machine, commit))[0]

    def _merge_asv(
        self,
        files: Iterable[ResultFile],
        machine: str,
        records: dict[Case, Record],
        latest: Mapping[Case, float],
    ) -> None:
        found: dict[Case, dict[str, Values]] = {}
        for file in files:
            for table in self.asv.tables(file, machine):
                for (case, metric), value in zip(table.cases, table.values, strict=True):
                    if not latest or table.taken > latest.get(case, -math.inf) + 60:
                        found.setdefault(case, {})[metric] = value
        outcomes = [_ONCE[_outcome(values.values())] for values in found.values()]
        nothing = repeat(None), repeat(_NONE), repeat(""), repeat(_NONE)
        records.update(zip(found, named(Record, found, outcomes, found.values(), *nothing), strict=True))


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


def _within(environments: Set[str], files: Sequence[ResultFile]) -> Sequence[ResultFile]:
    """Return the files of some environments; all where there are none."""
    return [file for file in files if file.header.environment in environments] if environments else files


def _outcome(values: Collection[Values]) -> Outcome:
    """What asv left out on purpose, or could not run there, is no failure."""
    for value in values:
        if value.samples:
            return Outcome.OK
    return Outcome.FAILED if any(v.missing == FAILED for v in values) else Outcome.UNSUPPORTED


def _log_name(commit: str) -> str:
    return asvfile.results_name(commit).removesuffix(".json") + ".runs.jsonl"
