"""Which shared libraries a program needs, told by the program itself (ELF: DT_NEEDED, PT_INTERP)."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.segments import InterpSegment

from pagewalk.errors import Unavailable
from runners.damaged_elf import DAMAGED


def closure(program: Path, tree: Path) -> Mapping[str, Path]:
    """Return every library that `program` is linked with, and those that these are linked with.

    Args:
        tree: unpacked packages.

    Returns:
        Files in `tree` by soname, the dynamic loader among them, in alphabetical order.

    Raises:
        Unavailable: one is not in the tree, or is no ELF file.
    """
    there = _libraries(tree)
    found: dict[str, Path] = {}
    todo = [program]
    while todo:
        for name in _needed(todo.pop()):
            if name in found:
                continue
            if name not in there:
                raise Unavailable(
                    f"{program.name} needs {name}, which none of its packages has",
                    "The archive may be changing just now: try again in an hour.",
                )
            found[name] = there[name]
            todo.append(there[name])
    return dict(sorted(found.items()))


def _libraries(tree: Path) -> dict[str, Path]:
    """Return files by the names that they or links to them have; links out of the tree lead nowhere."""
    root = tree.resolve()
    found: dict[str, Path] = {}
    for path in sorted(tree.rglob("*.so*")):
        real = path.resolve()
        if real.is_relative_to(root) and real.is_file():
            found.setdefault(path.name, real)
    return found


def _needed(path: Path) -> list[str]:
    try:
        with path.open("rb") as stream:
            elf = ELFFile(stream)
            interpreters = [s for s in elf.iter_segments() if isinstance(s, InterpSegment)]
            dynamic = [s for s in elf.iter_segments() if isinstance(s, DynamicSegment)]
            tags = [tag for segment in dynamic for tag in segment.iter_tags()]
            needed = [str(vars(tag)["needed"]) for tag in tags if "needed" in vars(tag)]
            return [*(PurePosixPath(s.get_interp_name()).name for s in interpreters), *needed]
    except (OSError, *DAMAGED) as error:
        raise Unavailable(f"{path.name} is no ELF file that can be read: {error}") from error
