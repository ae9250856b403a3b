"""What the plugin knows of single instructions: their accesses, and the registers that they leave behind."""

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from runners.memsim.plugin import SOURCES

NONE = 63
PC = 0x1000
RAX, RCX, RSP, RBP, FS = 0, 1, 4, 5, 32
X29, SP64, SP = 29, 31, 2


class _Operand(ctypes.Structure):
    _fields_ = (
        ("base", ctypes.c_uint8),
        ("index", ctypes.c_uint8),
        ("shift", ctypes.c_uint8),
        ("extent", ctypes.c_uint8),
        ("store", ctypes.c_uint8),
        ("offset", ctypes.c_int64),
    )


class _Effect(ctypes.Structure):
    _fields_ = (
        ("known", ctypes.c_bool),
        ("accesses", ctypes.c_uint8),
        ("access", _Operand * 4),
        ("written", ctypes.c_uint64),
        ("derived", ctypes.c_uint8),
        ("source", ctypes.c_uint8),
        ("by", ctypes.c_int64),
    )


@dataclass(frozen=True)
class Effect:
    """Accesses as (base, offset, bytes, store); the register that is derived, as (register, source, by)."""

    accesses: tuple[tuple[int, int, int, int], ...] = ()
    derived: tuple[int, int, int] | None = None
    written: int = 0


Ask = Callable[[str, str], Effect | None]


@pytest.fixture(scope="session")
def effect(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """The effect of an instruction given as hexadecimal digits; None where it is not known."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: apt-get install gcc")
    library = tmp_path_factory.mktemp("effects") / "effects.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, *SOURCES.glob("effects*.c")], check=True)
    decoder = ctypes.CDLL(str(library))
    decoder.effect_of.restype = _Effect

    def ask(target: str, code: str) -> Effect | None:
        decoder.effects_init(target.encode())
        data = bytes.fromhex(code)
        found = decoder.effect_of(data, ctypes.c_size_t(len(data)), ctypes.c_uint64(PC))
        if not found.known:
            return None
        accesses = tuple((a.base, a.offset, a.extent + 1, a.store) for a in found.access[: found.accesses])
        derived = None if found.derived == NONE else (found.derived, found.source, found.by)
        return Effect(accesses, derived, found.written)

    return ask


@pytest.mark.parametrize(
    ("target", "code", "expected"),
    [
        ("x86_64", "55", Effect(((RSP, -8, 8, 1),), (RSP, RSP, -8))),  # push %rbp
        ("x86_64", "5d", Effect(((RSP, 0, 8, 0),), (RSP, RSP, 8), 1 << RBP)),  # pop %rbp
        ("x86_64", "48 89 e5", Effect((), (RBP, RSP, 0))),  # mov %rsp,%rbp
        ("x86_64", "48 83 ec 20", Effect((), (RSP, RSP, -32))),  # sub $32,%rsp
        ("x86_64", "c9", Effect(((RBP, 0, 8, 0),), (RSP, RBP, 8), 1 << RBP)),  # leave
        ("x86_64", "48 8b 45 f8", Effect(((RBP, -8, 8, 0),), None, 1 << RAX)),  # mov -8(%rbp),%rax
        ("x86_64", "83 00 01", Effect(((RAX, 0, 4, 0), (RAX, 0, 4, 1)))),  # addl $1,(%rax)
        (
            "x86_64",
            "8b 05 10 00 00 00",
            Effect(((NONE, PC + 22, 4, 0),), None, 1 << RAX),
        ),  # mov 16(%rip),%eax
        ("x86_64", "0f 11 00", Effect(((RAX, 0, 8, 1), (RAX, 8, 8, 1)))),  # movups %xmm0,(%rax)
        ("x86_64", "f3 0f 1e fa", Effect()),  # endbr64
        ("x86_64", "b4 01", Effect((), None, 1 << RAX)),  # mov $1,%ah
        ("x86_64", "f0 ff 00", None),  # lock incl (%rax)
        ("x86_64", "f3 48 ab", None),  # rep stos
        ("x86_64", "67 8b 00", None),  # mov (%eax),%eax
        ("x86_64", "c5 fe 6f 00", None),  # vmovdqu (%rax),%ymm0
        (
            "aarch64",
            "fd 7b bd a9",  # stp x29, x30, [sp, -48]!
            Effect(((SP64, -48, 8, 1), (SP64, -40, 8, 1)), (SP64, SP64, -48)),
        ),
        ("aarch64", "fd 03 00 91", Effect((), (X29, SP64, 0))),  # mov x29, sp
        ("aarch64", "20 84 40 f8", Effect(((1, 0, 8, 0),), (1, 1, 8), 1 << 0)),  # ldr x0, [x1], 8
        ("aarch64", "20 00 c0 3d", Effect(((1, 0, 8, 0), (1, 8, 8, 0)))),  # ldr q0, [x1]
        ("aarch64", "1f 00 01 eb", Effect()),  # cmp x0, x1
        ("aarch64", "00 00 00 b0", Effect((), (0, NONE, 0x2000))),  # adrp x0, one page on
        ("aarch64", "20 7c 5f c8", None),  # ldxr x0, [x1]
        ("aarch64", "20 74 0b d5", None),  # dc zva, x0
        ("riscv64", "06 ec", Effect(((SP, 24, 8, 1),))),  # c.sdsp ra, 24(sp)
        ("riscv64", "01 11", Effect((), (SP, SP, -32))),  # c.addi sp, -32
        ("riscv64", "03 b5 85 ff", Effect(((11, -8, 8, 0),), None, 1 << 10)),  # ld a0, -8(a1)
        ("riscv64", "17 15 00 00", Effect((), (10, NONE, 0x2000))),  # auipc a0, 1
        ("riscv64", "2f 35 b6 00", None),  # amoadd.d
        ("arm", "00 00 a0 e1", None),  # not decoded
    ],
)
def test_an_instruction_is_known_by_its_bytes_or_not_at_all(
    effect: Ask, target: str, code: str, expected: Effect | None
) -> None:
    assert effect(target, code) == expected
