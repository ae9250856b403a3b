"""The machines that are booted: what QEMU calls them, and what Debian calls what they run.

Sources: QEMU System Emulator manual, "RISC-V 'virt' Generic Virtual Platform" and "'virt' Generic Virtual
Platform" of Arm; RISC-V "Sscofpmf" extension, which lets the counters interrupt.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from pagewalk.model import Target

GUEST_PREFIX = "qemu-system-"
"""How the names of their runners begin, so that the history knows them to be emulated."""

MEMORY = 1024
"""MiB that each machine has; the host gives what the guest really touches."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One architecture's machine.

    Args:
        emulator: QEMU's program.
        packages: Debian's, of the emulator first, then of what it loads.
        firmware: what it starts before the kernel, in these packages; None where nothing.
        cpu: QEMU's name of the processor, with its counters switched on.
        console: the kernel's name of the first serial line.
        kernel: Debian's package that depends on the current kernel.
    """

    architecture: str
    emulator: str
    packages: tuple[str, ...]
    firmware: PurePosixPath | None
    cpu: str
    console: str
    kernel: str


GUESTS = {
    guest.architecture: guest
    for guest in (
        Guest(
            "riscv64",
            "qemu-system-riscv64",
            ("qemu-system-riscv", "opensbi"),
            PurePosixPath("usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin"),
            # Page tables of three levels (Sv39), as boards have; with five, mimalloc 3 dies of its page map.
            "rv64,sscofpmf=true,sv48=off",
            "ttyS0",
            "linux-image-riscv64",
        ),
        Guest(
            "arm64",
            "qemu-system-aarch64",
            ("qemu-system-arm",),
            None,
            "cortex-a72",
            "ttyAMA0",
            "linux-image-arm64",
        ),
    )
}

GUEST_TARGETS = tuple(Target(architecture) for architecture in GUESTS)
