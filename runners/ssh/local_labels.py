"""Frames that perf on a board names by a label within a function, named by our own copy of the file.

LLVM's linker leaves such labels (`.L0`) in the symbol tables of riscv64, where perf takes the nearest symbol
for the function's name.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from elftools.elf.elffile import ELFFile

from runners.damaged_elf import DAMAGED
from runners.execution.symbols import function_at

Find = Callable[[str], Path | None]
"""Returns our file of a path of the board's; None where we have none."""

_FRAME = re.compile(r"^(\s+([0-9a-f]{1,16}) +)(.*?) \(([/[][^\n]{0,4096})\)$", re.MULTILINE)


def without_labels(script: str, find: Find) -> str:
    """Return what `perf script -F …,ip,sym,dso` printed without `dso`, and labels replaced by functions."""

    def named(match: re.Match[str]) -> str:
        symbol = match[3]
        if symbol.startswith(".L") and (path := find(match[4])) is not None:
            symbol = function_at_address(path, int(match[2], 16)) or symbol
        return f"{match[1]}{symbol}"

    return _FRAME.sub(named, script)


def function_at_address(path: Path, address: int) -> str:
    """Return the function at an address by a file's own headers, as perf has a frame's; empty for none."""
    for begin, end, offset in _segments(path):
        if begin <= address < end:
            return function_at(path, offset + address - begin)
    return ""


@lru_cache(maxsize=16)
def _segments(path: Path) -> tuple[tuple[int, int, int], ...]:
    """Return first address, end and place in the file of what is loaded (System V ABI, chapter 5)."""
    try:
        with path.open("rb") as file:
            loaded = [s for s in ELFFile(file).iter_segments() if s["p_type"] == "PT_LOAD"]
            return tuple((s["p_vaddr"], s["p_vaddr"] + s["p_filesz"], s["p_offset"]) for s in loaded)
    except (OSError, *DAMAGED):
        return ()
