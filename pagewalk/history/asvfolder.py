"""A folder of asv's results, of whatever project: its files by machine and commit, and what they hold."""

import json
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from pathlib import Path
from typing import Any

from pagewalk.files import MALFORMED, write_whole
from pagewalk.history.asvresult import Header, ResultFile, Table, read, tables_in

_DESCRIPTIONS = "benchmarks.json"
_NO_RESULTS = {"machine.json", _DESCRIPTIONS}


class AsvFolder:
    """The result files below a folder; what is no such file is passed over, and told by `broken`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def headers(self) -> list[Header]:
        """Return what every readable result file is of."""
        return [header for path in self._all() if (header := header_of(path))]

    def broken(self) -> list[Path]:
        """Return the files that should be results and cannot be read."""
        return [path for path in self._all() if header_of(path) is None]

    def files(self, machine: str, commit: str) -> list[ResultFile]:
        """Read the result files of a commit on a machine, whatever their project calls them."""
        folder = self._folder / machine
        named = sorted(folder.glob(f"{commit[:8]}*.json"))
        found = [file for path in named if (file := read(path)) and file.header.commit == commit]
        return found or list(filter(None, map(read, self._elsewhere(folder, commit))))

    def _elsewhere(self, folder: Path, commit: str) -> list[Path]:
        """Return the result files of a commit by what is in them."""
        known = ((path, header_of(path)) for path in sorted(folder.glob("*.json")))
        return [path for path, header in known if header and header.commit == commit]

    def past(self, machine: str, commit: str, most: int) -> list[Path]:
        """Return the result files of the last `most` commits before one, oldest first.

        They are of environments that the commit itself was measured in: others are other series.
        """
        mine = [file.header for file in self.files(machine, commit)]
        names = {header.environment for header in mine}
        before = [
            (header.date, path)
            for path in (self._folder / machine).glob("*.json")
            if (header := header_of(path)) and mine and header.date < mine[0].date
            if header.environment in names
        ]
        return [path for _, path in sorted(before)][-most:]

    def tables(self, file: ResultFile, machine: str) -> list[Table]:
        """Return what a file says of each benchmark; nothing of a broken file."""
        try:
            return list(tables_in(file, self._descriptions())) if file.machine == machine else []
        except MALFORMED:
            return []

    def describe(self, benchmarks: Mapping[str, Mapping[str, Any]]) -> None:
        """Merge asv's descriptions of benchmarks into those of the folder."""
        known = dict(self._descriptions())
        merged = known | {name: dict(value) for name, value in benchmarks.items()}
        if merged != known:
            text = json.dumps(merged | {"version": 2}, indent=4, sort_keys=True)
            write_whole(self._folder / _DESCRIPTIONS, text)

    def _descriptions(self) -> dict[str, dict[str, Any]]:
        path = self._folder / _DESCRIPTIONS
        try:
            return _described(path, path.stat().st_mtime_ns)
        except OSError:
            return {}

    def _all(self) -> list[Path]:
        return [path for path in sorted(self._folder.glob("*/*.json")) if path.name not in _NO_RESULTS]


def header_of(path: Path) -> Header | None:
    """Return what a result file is of; None where it is none."""
    try:
        return _header(path, path.stat().st_mtime_ns)
    except OSError:
        return None


def environments(files: Iterable[ResultFile]) -> Set[str]:
    """Return the environments that result files are of."""
    return {file.header.environment for file in files}


@lru_cache(maxsize=16)
def _described(path: Path, _mtime: int) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(path.read_text())
        return {name: value for name, value in found.items() if isinstance(value, dict)}
    except (OSError, ValueError, AttributeError):
        return {}


@lru_cache(maxsize=8192)
def _header(path: Path, _mtime: int) -> Header | None:
    file = read(path)
    return file.header if file else None
