"""What the kernel logged while a process ran: fault addresses and kills for want of memory.

A process that dies without a word of its own (Go's vgetrandom crash leaves no traceback) is
still named in the kernel log, where one may read it.
"""

import contextlib
import os
import re

from runners.execution.fault import Fault

_RECORD = 8192

# x86: `prog[7]: segfault at 10 ip …`; arm64: `prog[7]: unhandled level 1 translation fault (11) at
# 0x00000010, esr …`; riscv64: `prog[7]: unhandled signal 11 code 0x1 at 0x0000000000000010 in …`
_FAULT = re.compile(r"\[(\d+)\]: (?:segfault|unhandled [^;\n]*?) at (?:0x)?([0-9a-f]{1,16})\b([^\n]{0,300})")

_PC = re.compile(r" ip ([0-9a-f]{1,16})\b")
# x86: ` in prog[1129,560480f4c000+1000]`, where the first number is the place in the file (mm/memory.c,
# print_vma_addr); older kernels have only where the mapping lies, which is not enough
_PLACE = re.compile(r" in ([^\s\[]{1,200})\[([0-9a-f]{1,16}),")
_KILLED = re.compile(r"[Oo]ut of memory: Killed process (\d+)\b")


class KernelLog:
    """The kernel log from now on; silent where /dev/kmsg may not be read."""

    def __init__(self) -> None:
        self._descriptor: int | None = None
        self._text = ""
        with contextlib.suppress(OSError):
            self._descriptor = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            os.lseek(self._descriptor, 0, os.SEEK_END)

    def fault(self, pid: int) -> Fault | None:
        """Return how process `pid` faulted; None where nothing says so."""
        return find_fault(self._read(), pid)

    def killed_for_memory(self, pid: int) -> bool:
        """Return whether the kernel says it killed process `pid` for want of memory."""
        return find_kill(self._read(), pid)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _read(self) -> str:
        while self._descriptor is not None:
            try:
                self._text += os.read(self._descriptor, _RECORD).decode("utf-8", "replace")
            except BrokenPipeError:
                continue  # records were overwritten before we read them; the next read goes on
            except OSError:
                break
        return self._text


def find_fault(text: str, pid: int) -> Fault | None:
    """Return the last fault of process `pid` in `text`, a kernel log."""
    found = [match for match in _FAULT.finditer(text) if int(match[1]) == pid]
    if not found:
        return None
    address, rest = int(found[-1][2], 16), found[-1][3]
    pc, place = _PC.search(rest), _PLACE.search(rest)
    return Fault(
        address,
        int(pc[1], 16) if pc else None,
        place[1] if place else "",
        int(place[2], 16) if place else 0,
    )


def find_kill(text: str, pid: int) -> bool:
    """Return whether `text`, a kernel log, says that process `pid` was killed for want of memory."""
    return any(int(match[1]) == pid for match in _KILLED.finditer(text))
