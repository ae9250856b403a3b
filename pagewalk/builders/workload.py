"""Workload sources under `benchmarks/`, found by program name."""

import re
from dataclasses import dataclass
from pathlib import Path

from pagewalk.builders.store import digest_tree
from pagewalk.config import nearest
from pagewalk.errors import ConfigError

_MAIN = re.compile(r"^package main$", re.MULTILINE)
SHARED = ("contract", "patterns")
"""Folders of `benchmarks/native` that every C workload is built with: no workload lies in them."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Workload:
    """The sources of one workload.

    Args:
        program: its name.
        language: `c` or `go`.
        folder: the Go module, or the folder of all C sources.
        sources: C files to compile together; empty for Go.
        includes: where their headers are; empty for Go.
        digest: of all that it is built from.
    """

    program: str
    language: str
    folder: Path
    sources: tuple[Path, ...]
    includes: tuple[Path, ...]
    digest: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """What a C compiler is told of it: where its headers are, and what to compile."""
        return (*(f"-I{folder}" for folder in self.includes), *map(str, self.sources))


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
    return Workload(program, "go", module, (), (), digest_tree(module, ("*.go", "*.s", "go.mod", "go.sum")))


def _find_c(program: str, benchmarks: Path) -> Workload:
    native = benchmarks / "native"
    found = {path.stem: path for path in c_programs(native)}
    _check(program, list(found), native)
    source = found[program]
    shared = [native / name for name in SHARED if (native / name).is_dir()]
    engine = sorted(path for folder in shared for path in folder.glob("*.c"))
    patterns = [f"{folder.name}/*.{kind}" for folder in shared for kind in "ch"]
    digest = digest_tree(
        native, (f"{source.parent.name}/{source.name}", f"{source.parent.name}/*.h", *patterns)
    )
    return Workload(program, "c", native, (source, *engine), tuple(shared), digest)


def c_programs(native: Path) -> list[Path]:
    """Return the sources of all C workloads: `<family>/<program>.c`, one file each."""
    return sorted(path for path in native.glob("*/*.c") if path.parent.name not in SHARED)


def _check(program: str, names: list[str], folder: Path) -> None:
    if _NAME.fullmatch(program) and program in names:
        return
    close = nearest(program, names, 1)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    raise ConfigError(
        f"no workload {program!r} in {folder}", f"{hint}There are: {', '.join(sorted(set(names))) or 'none'}."
    )
