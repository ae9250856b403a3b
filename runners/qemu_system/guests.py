"""The machines that are booted: what QEMU calls them, and what Debian calls what they run.

Sources: QEMU System Emulator manual, "RISC-V 'virt' Generic Virtual Platform" and "'virt' Generic Virtual
Platform" of Arm; RISC-V "Sscofpmf" extension, which lets the counters interrupt.
"""

from dataclasses import dataclass

MEMORY = 1024
"""MiB that each machine has; the host gives what the guest really touches."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One architecture's machine.

    Args:
        emulator: QEMU's program.
        remedy: what to type where it is missing.
        cpu: QEMU's name of the processor, with its counters switched on.
        console: the kernel's name of the first serial line.
        kernel: Debian's package that depends on the current kernel.
    """

    architecture: str
    emulator: str
    remedy: str
    cpu: str
    console: str
    kernel: str


GUESTS = {
    guest.architecture: guest
    for guest in (
        Guest(
            "riscv64",
            "qemu-system-riscv64",
            "apt-get install qemu-system-misc",
            "rv64,sscofpmf=true",
            "ttyS0",
            "linux-image-riscv64",
        ),
        Guest(
            "arm64",
            "qemu-system-aarch64",
            "apt-get install qemu-system-arm",
            "cortex-a72",
            "ttyAMA0",
            "linux-image-arm64",
        ),
    )
}
