"""What lies below a results root: which files there are, and what each of them is."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pagewalk.index.texts import NAME, clean

RESULT = "result"
LOG = "log"
MACHINE = "machine"
BENCHMARKS = "benchmarks"
NAMES = "names"
NOISE = "noise"

LOG_ENDING = ".runs.jsonl"
NOISE_FILE = "noise.jsonl"
_ABOUT_MACHINES = {"machine.json": MACHINE, NOISE_FILE: NOISE}


@dataclass(frozen=True, slots=True)
class Found:
    """A file as the file system knows it.

    Args:
        path: relative to the root, with slashes; names that are no UTF-8 are written with backslashes.
        where: the path to open.
        folder: the subject's folder below the root; empty where the root is a results folder itself.
        machine: the folder it lies in below that; empty for `benchmarks.json` and `revisions.jsonl`.
    """

    path: str
    where: str
    kind: str
    folder: str
    machine: str
    size: int
    mtime_ns: int


def scan(root: Path) -> list[Found]:
    """Return every file of the results folders below `root`, by path.

    A folder in `root` that holds result files or `machine.json` is a machine of the root's own subject;
    any other is a subject, and its folders are machines, as asv lays them out.
    """
    found = list(_loose(str(root), ""))
    for entry in _folders(str(root)):
        own = list(_machine(entry.path, "", entry.name))
        if own:
            found += own
            continue
        found += _loose(entry.path, entry.name)
        for inner in _folders(entry.path):
            found += _machine(inner.path, entry.name, inner.name)
    by_path = {one.path: one for one in found}  # two hostile names may read the same

    return [by_path[path] for path in sorted(by_path)]


def _folders(where: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(where) as entries:
            return [e for e in entries if e.is_dir() and not e.name.startswith(".")]
    except OSError:
        return []


def _files(where: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(where) as entries:
            yield from (e for e in entries if not e.name.startswith(".") and e.is_file())
    except OSError:
        return


def _loose(where: str, folder: str) -> Iterator[Found]:
    kinds = {"benchmarks.json": BENCHMARKS, "revisions.jsonl": NAMES}
    for entry in _files(where):
        if entry.name in kinds:
            yield from _found(entry, kinds[entry.name], folder, "")


def _machine(where: str, folder: str, machine: str) -> Iterator[Found]:
    for entry in _files(where):
        if entry.name in _ABOUT_MACHINES:
            yield from _found(entry, _ABOUT_MACHINES[entry.name], folder, machine)
        elif entry.name.endswith(LOG_ENDING):
            yield from _found(entry, LOG, folder, machine)
        elif entry.name.endswith(".json") and entry.name != "benchmarks.json":
            yield from _found(entry, RESULT, folder, machine)


def _found(entry: os.DirEntry[str], kind: str, folder: str, machine: str) -> Iterator[Found]:
    try:
        stat = entry.stat()
    except OSError:  # gone since it was listed
        return
    path = "/".join(part for part in (folder, machine, entry.name) if part)
    yield Found(
        readable(path), entry.path, kind, readable(folder), readable(machine), stat.st_size, stat.st_mtime_ns
    )


def readable(name: str) -> str:
    """Return a file name as text that every database takes."""
    return clean(os.fsencode(name).decode("utf-8", "backslashreplace"), NAME)
