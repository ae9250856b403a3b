"""Arguments of a probed function: which registers hold them, and how the kernel is asked for them.

An event writes them like a prototype, `probe:realloc(_,size)`: the first argument is of no interest, the
second is called `size`. Each is one machine word: a Go string is two of them, a slice three.

Sources: System V ABI, AMD64 Supplement, 3.2.3; Procedure Call Standard for the Arm Architecture, 6.8.2, and
of AArch64, 6.8.2; RISC-V ABIs Specification, 2.1; Go's cmd/compile/abi-internal.md (ABIInternal, by Go 1.19
on all three). The kernel's names of registers: arch/*/kernel/ptrace.c; of fetch arguments:
Documentation/trace/uprobetracer.rst.
"""

import re
from dataclasses import dataclass

from pagewalk.errors import ConfigError, Unavailable

PREFIX = "probe:"
"""What an event begins with that names a function: `probe:malloc`, `probe:runtime.mallocgc(size)`."""

SKIPPED = "_"
"""Stands for an argument that is of no interest."""

_CALL = re.compile(r"(.+?)\(([^()]*)\)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,30}")

_C = {
    "x86_64": "di si dx cx r8 r9",
    "arm64": "x0 x1 x2 x3 x4 x5 x6 x7",
    "riscv64": "a0 a1 a2 a3 a4 a5 a6 a7",
    "armv7": "r0 r1 r2 r3",
}
_GO = {
    "x86_64": "ax bx cx di si r8 r9 r10 r11",
    "arm64": " ".join(f"x{number}" for number in range(16)),
    "riscv64": "a0 a1 a2 a3 a4 a5 a6 a7 s0 s1 s2 s3 s4 s5 s6 s7",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a probe is asked to tell.

    Args:
        arguments: names by position, `_` for those of no interest; empty where only calls count.
    """

    function: str
    arguments: tuple[str, ...] = ()


def is_probe(event: str) -> bool:
    return event.startswith(PREFIX)


def asked(event: str) -> Asked:
    """Read an event, as `probe:malloc`, `probe:malloc(size)` or `probe:runtime.(*mheap).alloc(_,pages)`.

    Raises:
        ConfigError: the arguments are no names.
    """
    text = event.removeprefix(PREFIX)
    match = _CALL.fullmatch(text)
    if match is None:
        return Asked(text)
    names = tuple(name.strip() for name in match[2].split(","))
    named = [name for name in names if name != SKIPPED]
    if not named or len(set(named)) < len(named) or not all(map(_NAME.fullmatch, named)):
        raise ConfigError(
            f"{match[2]!r} names no arguments of {match[1]}.",
            "Name them by position, `_` for those of no interest: probe:malloc(size), probe:realloc(_,size).",
        )
    return Asked(match[1], names)


def fetched(what: Asked, architecture: str, *, go: bool) -> str:
    """Return how the kernel is asked for the arguments: `a1=%di:u64`, a word each, named by position.

    Args:
        go: whether Go compiled the function, whose arguments lie in other registers than C's.

    Raises:
        Unavailable: an argument lies on the stack, or nobody knows where on this architecture.
    """
    registers = (_GO if go else _C).get(architecture, "").split()
    if len(what.arguments) > len(registers):
        language = "Go" if go else "C"
        raise Unavailable(
            f"{language} hands over {len(registers) or 'no'} arguments in registers on {architecture}, "
            f"and {what.function} is asked for {len(what.arguments)}",
            "Ask for the first ones only.",
        )
    size = "u32" if architecture == "armv7" else "u64"
    places = zip(what.arguments, registers, strict=False)
    return " ".join(
        f"{fetch_name(number)}=%{register}:{size}"
        for number, (name, register) in enumerate(places, start=1)
        if name != SKIPPED
    )


def fetch_name(position: int) -> str:
    """Return what the kernel calls an argument, counted from 1; a user's name might be one of its own."""
    return f"a{position}"
