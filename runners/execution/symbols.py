"""Which function of an ELF file an offset lies in, and where its functions begin."""

import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

_MOST_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class _Symbols:
    """Functions of one file, by where they begin in it."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]
    names: tuple[str, ...]


def function_at(path: Path, offset: int) -> str:
    """Return the function whose code holds the byte at `offset` of a file; empty where none is known.

    Source: the symbol tables `.symtab` and `.dynsym` (System V ABI, chapter 4). A stripped file has
    only what it exports.
    """
    symbols = _symbols(path)
    place = bisect.bisect_right(symbols.begins, offset) - 1
    return symbols.names[place] if place >= 0 and offset < symbols.ends[place] else ""


def functions(path: Path) -> Mapping[str, int]:
    """Return where in a file each of its functions begins, by name, from the same symbol tables."""
    symbols = _symbols(path)
    return dict(zip(symbols.names, symbols.begins, strict=True))


def _symbols(path: Path) -> _Symbols:
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return _Symbols((), (), ())


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int, size: int) -> _Symbols:
    if size > _MOST_BYTES:
        return _Symbols((), (), ())
    with path.open("rb") as file:
        try:
            found = sorted(_functions(ELFFile(file)))
        except (ELFError, ValueError, KeyError, TypeError, UnicodeError, AttributeError, IndexError):
            return _Symbols((), (), ())  # no ELF file, or one that somebody has tampered with
    return _Symbols(
        tuple(begin for begin, _, _ in found),
        tuple(begin + length for begin, length, _ in found),
        tuple(name for _, _, name in found),
    )


def _functions(elf: ELFFile) -> set[tuple[int, int, str]]:
    segments = [
        (s["p_vaddr"], s["p_vaddr"] + s["p_filesz"], s["p_offset"])
        for s in elf.iter_segments()
        if s["p_type"] == "PT_LOAD"
    ]
    found = set()
    for section in elf.iter_sections():
        if not isinstance(section, SymbolTableSection):
            continue
        for symbol in section.iter_symbols():
            if symbol["st_info"]["type"] != "STT_FUNC" or not symbol["st_size"]:
                continue
            # Bit 0 of an Arm symbol says that it is Thumb code.
            at = symbol["st_value"] & ~1 if elf["e_machine"] == "EM_ARM" else symbol["st_value"]
            for begin, end, offset in segments:
                if begin <= at < end:
                    found.add((at - begin + offset, symbol["st_size"], symbol.name))
    return found
