"""Which function of an ELF file an offset lies in, and where its functions begin."""

import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from elftools.elf.constants import P_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from pagewalk.analysis.fingerprints import NEAR
from runners.damaged_elf import DAMAGED

_MOST_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class _Symbols:
    """Functions of one file, by where they begin in it.

    Args:
        stripped: whether the file names nothing but what it exports.
        code: begin and end of each part of the file that is executed.
    """

    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    stripped: bool = False
    code: tuple[tuple[int, int], ...] = ()


def function_at(path: Path, offset: int) -> str:
    """Return the function whose code holds the byte at `offset` of a file; empty where none is known.

    Source: the symbol tables `.symtab` and `.dynsym` (System V ABI, chapter 4). A stripped file has
    only what it exports.
    """
    symbols = _symbols(path)
    place = bisect.bisect_right(symbols.begins, offset) - 1
    return symbols.names[place] if place >= 0 and offset < symbols.ends[place] else ""


def nearest_export(path: Path, offset: int) -> str:
    """Return `near malloc+0x1c, exported symbol` for a byte of a stripped file that no symbol holds.

    The function itself has no name there: this one lies before it, the last that does. Empty where the
    file has a symbol table of its own, where a symbol holds the byte, and where none lies before it in
    the same segment of code.
    """
    symbols = _symbols(path)
    place = bisect.bisect_right(symbols.begins, offset) - 1
    if not symbols.stripped or place < 0 or offset < symbols.ends[place]:
        return ""
    begin = symbols.begins[place]
    if not any(first <= begin and offset < last for first, last in symbols.code):
        return ""
    return f"{NEAR}{symbols.names[place]}+{offset - begin:#x}, exported symbol"


def functions(path: Path) -> Mapping[str, int]:
    """Return where in a file each of its functions begins, by name, from the same symbol tables."""
    symbols = _symbols(path)
    return dict(zip(symbols.names, symbols.begins, strict=True))


def _symbols(path: Path) -> _Symbols:
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return _Symbols()


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int, size: int) -> _Symbols:
    if size > _MOST_BYTES:
        return _Symbols()
    with path.open("rb") as file:
        try:
            return _symbols_of(ELFFile(file))
        except DAMAGED:
            return _Symbols()  # no ELF file, or one that somebody has tampered with


def _symbols_of(elf: ELFFile) -> _Symbols:
    found = sorted(_functions(elf))
    loaded = [s for s in elf.iter_segments() if s["p_type"] == "PT_LOAD" and s["p_flags"] & P_FLAGS.PF_X]
    return _Symbols(
        tuple(begin for begin, _, _ in found),
        tuple(begin + length for begin, length, _ in found),
        tuple(name for _, _, name in found),
        stripped=not any(section["sh_type"] == "SHT_SYMTAB" for section in elf.iter_sections()),
        code=tuple((s["p_offset"], s["p_offset"] + s["p_filesz"]) for s in loaded),
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
