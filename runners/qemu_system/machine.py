"""One QEMU process: how it is started, and how it is certain that none is left behind.

Source: qemu-system(1). `-icount shift=0,sleep=off` lets the guest's clock go by one nanosecond an
instruction, whatever our own does; see "TCG Instruction Counting" in QEMU's developer manual.
"""

import contextlib
import socket
import subprocess
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runners.qemu_system.emulator import Emulator
from runners.qemu_system.guests import MEMORY, Guest
from runners.qemu_system.image import Image

# A shell between us and QEMU: the pipe that it reads ends when we do, however that happens. A signal for the
# death of a parent (prctl(2), PR_SET_PDEATHSIG) is sent when the thread ends that started the process.
_WATCHER = '"$@" & read -r _; kill -9 "$!" 2>/dev/null; wait "$!"'
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Booted:
    """A running QEMU, and our ends of its lines.

    Args:
        port: the virtio-serial port.
        console: what the guest's kernel says.
    """

    process: subprocess.Popen[bytes]
    port: socket.socket
    console: socket.socket

    def stop(self) -> None:
        """Kill it; return when it is gone. Once or many times, it is all the same."""
        _stop(self.process, self.port, self.console)


def boot(emulator: Emulator, guest: Guest, image: Image, errors: Path) -> Booted:
    """Start a guest; it is killed with this process at the latest.

    Args:
        errors: the file that QEMU's own complaints are written to.
    """
    port, its_port = socket.socketpair()
    console, its_console = socket.socketpair()
    with its_port, its_console, errors.open("wb") as said:
        command = command_line(emulator, guest, image, its_port.fileno(), its_console.fileno())
        process = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHER, "pagewalk-guest", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            pass_fds=(its_port.fileno(), its_console.fileno()),
            start_new_session=True,  # Ctrl-C is ours to handle
        )
    booted = Booted(process, port, console)
    weakref.finalize(port, _stop, process, None, console)
    return booted


def command_line(emulator: Emulator, guest: Guest, image: Image, port: int, console: int) -> Sequence[str]:
    """Return QEMU's command line.

    Args:
        port, console: descriptors of connected sockets.
    """
    kernel = f"console={guest.console} loglevel=4 nokaslr norandmaps panic=-1 oops=panic"
    return (
        *emulator.command,
        *("-machine", "virt", "-cpu", guest.cpu, "-smp", "1", "-m", str(MEMORY)),
        *("-accel", "tcg", "-icount", "shift=0,sleep=off", "-rtc", "base=2024-01-01,clock=vm", "-seed", "42"),
        *("-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-monitor", "none"),
        *("-chardev", f"socket,id=console,fd={console}", "-serial", "chardev:console"),
        *("-chardev", f"socket,id=port,fd={port}", "-device", "virtio-serial-pci"),
        *("-device", "virtserialport,chardev=port,name=pagewalk"),
        *("-kernel", str(image.kernel), "-initrd", str(image.initramfs), "-append", kernel),
    )


def _stop(process: subprocess.Popen[bytes], port: socket.socket | None, console: socket.socket) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)
    for line in (port, console):
        if line is not None:
            line.close()
