"""The notes of a core dump: what is known of a process that died without a word of its own.

A Go thread whose signal handler cannot run any more dies so: nothing printed, nothing in the kernel log.
Source: core(5); fs/binfmt_elf.c, `fill_note_info` (the dying thread's notes come first);
include/uapi/linux/elfcore.h, `elf_prstatus`; the register orders of `user_regs_struct` in sys/user.h.
"""

import contextlib
import resource
import struct
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.segments import NoteSegment

from runners.damaged_elf import DAMAGED
from runners.execution.fault import Fault

LIMIT = 4 << 20
"""Bytes of a core that are kept: its notes come first, and are all that is read."""

_PATTERN = Path("/proc/sys/kernel/core_pattern")
_REGISTERS_AT = 112
_ADDRESS_AT = 16
_ORDERS = {
    "EM_X86_64": "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss",
    "EM_AARCH64": " ".join(f"x{number}" for number in range(31)) + " sp pc pstate",
    "EM_RISCV": "pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 "
    "s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6",
}
_PC = {"EM_X86_64": "rip"}
_HIDDEN = ("orig_rax", "cs", "ss")
# sigaction(2): what a user or the kernel sent has no address
_SI_KERNEL = 0x80


def limit_core(pid: int, *, wanted: bool) -> None:
    """Let the kernel write a short core dump of `pid` and its children into their working folder, or none.

    Where cores go elsewhere (to a program, or an absolute path) none is asked for.
    """
    with contextlib.suppress(OSError, ValueError):
        here = wanted and not _PATTERN.read_text().startswith(("|", "/"))
        limit = LIMIT if here else 0
        resource.prlimit(pid, resource.RLIMIT_CORE, (limit, limit))


def find_core(folder: Path) -> Fault | None:
    """Return what the core dump in a folder says; None where there is none that can be read."""
    for path in folder.iterdir():
        if path.is_file() and not path.is_symlink():
            with (
                # a workload may leave any file here, one that looks like a core dump among them
                contextlib.suppress(OSError, *DAMAGED),
                path.open("rb") as file,
            ):
                elf = ELFFile(file)
                if elf["e_type"] == "ET_CORE":
                    return _read(elf)
    return None


def _read(elf: ELFFile) -> Fault | None:
    notes: dict[str, object] = {}
    for segment in elf.iter_segments():
        if isinstance(segment, NoteSegment):
            for note in segment.iter_notes():
                notes.setdefault(str(note["n_type"]), note)
    machine = elf["e_machine"]
    names = _ORDERS.get(machine, "").split()
    if not names or "NT_PRSTATUS" not in notes:
        return None
    values = struct.unpack_from(f"<{len(names)}Q", _bytes(notes["NT_PRSTATUS"]), _REGISTERS_AT)
    registers = dict(zip(names, values, strict=True))
    pc = registers[_PC.get(machine, "pc")]
    file, offset = _place(notes.get("NT_FILE"), pc)
    shown = {name: value for name, value in registers.items() if name not in _HIDDEN}
    return Fault(_address(notes.get("NT_SIGINFO")), pc, file, offset, shown)


def _bytes(note: object) -> bytes:
    data = note["n_descdata"]  # type: ignore[index]
    if not isinstance(data, bytes):
        raise TypeError(data)
    return data


def _address(note: object) -> int | None:
    if note is None:
        return None
    data = _bytes(note)
    (code,) = struct.unpack_from("<i", data, 8)
    (address,) = struct.unpack_from("<Q", data, _ADDRESS_AT)
    return int(address) if 0 < code < _SI_KERNEL else None


def _place(note: object, pc: int) -> tuple[str, int]:
    """Find the program counter in NT_FILE: a count, a page size, then begin, end and page offset of each."""
    if note is None:
        return "", 0
    data = _bytes(note)
    count, page = struct.unpack_from("<QQ", data)
    names = data[16 + 24 * count :].split(b"\0")
    for number in range(min(count, len(names))):
        begin, end, offset = struct.unpack_from("<QQQ", data, 16 + 24 * number)
        if begin <= pc < end:
            return names[number].decode("utf-8", "replace"), pc - begin + offset * page
    return "", 0
