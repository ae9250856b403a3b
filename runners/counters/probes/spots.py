"""Where a function begins: in which files of a workload, at which place in them, with which registers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.config import nearest
from pagewalk.errors import ConfigError
from pagewalk.model import Artifact
from runners.counters.probes.arguments import PREFIX, Asked, fetched
from runners.executable import is_go
from runners.execution.symbols import functions


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that a probe stands on.

    Args:
        offset: of the function's first instruction in the file, in bytes.
        fetch: how the kernel is asked for the arguments; empty where only calls count.
    """

    file: Path
    offset: int
    fetch: str = ""


def spots_of(what: Asked, artifact: Artifact) -> tuple[Spot, ...]:
    """Return the function's place in every file of the workload that has one.

    An allocator that is preloaded has a malloc, and the libc behind it another one: the one that is
    never called counts nothing.

    Raises:
        ConfigError: no file of the workload has such a function; names some that are like it.
        Unavailable: no register holds an argument that is asked for.
    """
    known = {file: functions(file) for file in files_of(artifact)}
    there = [file for file in known if what.function in known[file]]
    if not there:
        close = nearest(what.function, {name for names in known.values() for name in names})
        hint = f"Did you mean {' or '.join(PREFIX + name for name in close)}? " if close else ""
        raise ConfigError(
            f"No file of the workload has a function {what.function!r}: inlined, stripped or misspelt.",
            f"{hint}`nm FILE` lists them; there are {', '.join(path.name for path in known)}.",
        )
    architecture = artifact.target.architecture
    return tuple(
        Spot(
            file,
            known[file][what.function],
            fetched(what, architecture, go=_compiled_by_go(file, what.function)),
        )
        for file in there
    )


def files_of(artifact: Artifact) -> Sequence[Path]:
    """Return the files that the workload's code is in, each once whatever links lead to it."""
    named = (Path(word) for word in artifact.command if word.startswith("/"))
    return tuple(dict.fromkeys(path.resolve() for path in (*named, *artifact.files) if path.is_file()))


def _compiled_by_go(file: Path, function: str) -> bool:
    """Return whether Go compiled a function: its names have a package, those of C beside it none."""
    return "." in function and is_go(file)
