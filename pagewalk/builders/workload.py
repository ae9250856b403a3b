"""Workload sources under `benchmarks/`, found by program name."""

import re
from dataclasses import dataclass
from pathlib import Path

from pagewalk.builders.store import digest_tree
from pagewalk.config import nearest
from pagewalk.errors import ConfigError

_MAIN = re.compile(r"^package main$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Workload:
    """The sources of one workload.

    Args:
        program: its name.
        language: `c` or `go`.
        folder: the Go module, or the folder of the C sources.
        sources: C files to compile together; empty for Go.
        digest: of all that it is built from.
    """

    program: str
    language: str
    folder: Path
    sources: tuple[Path, ...]
    digest: str


def find_workload(program: str, language: str, root: Path) -> Workload:
    """Find a workload below `root`.

    Raises:
        ConfigError: there is none of that name; names the nearest.
    """
    return (_find_go if language == "go" else _find_c)(program, root.absolute() / "benchmarks")


def _find_go(program: str, benchmarks: Path) -> Workload:
    module = benchmarks / "go"
    names = [
        path.parent.name for path in module.glob("*/*.go") if _MAIN.search(path.read_text(errors="replace"))
    ]
    _check(program, names, module)
    # The whole module: what a program imports from it is not worth asking the toolchain for.
    return Workload(program, "go", module, (), digest_tree(module, ("*.go", "*.s", "go.mod", "go.sum")))


def _find_c(program: str, benchmarks: Path) -> Workload:
    folder = benchmarks / "native"
    shared = [path for path in (folder / "workload.c",) if path.is_file()]
    _check(program, [path.stem for path in folder.glob("*.c") if path not in shared], folder)
    sources = (folder / f"{program}.c", *shared)
    digest = digest_tree(folder, (f"{program}.c", "workload.c", "*.h"))
    return Workload(program, "c", folder, sources, digest)


def _check(program: str, names: list[str], folder: Path) -> None:
    if _NAME.fullmatch(program) and program in names:
        return
    close = nearest(program, names, 1)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    raise ConfigError(
        f"no workload {program!r} in {folder}", f"{hint}There are: {', '.join(sorted(set(names))) or 'none'}."
    )
