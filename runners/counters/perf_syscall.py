"""The system call perf_event_open(2), for which neither libc nor Python has a wrapper."""

import ctypes
import fcntl
import os
import platform
import struct
from dataclasses import dataclass

from pagewalk.errors import Unavailable
from runners.counters.events.kernel import Event

# arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h for the other two.
_NUMBERS = {"x86_64": 298, "aarch64": 241, "riscv64": 241}

_ENABLE, _DISABLE = 0x2400, 0x2401
_TIMES = 1 | 2  # PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING
_DISABLED, _INHERIT, _EXCLUDE_KERNEL, _EXCLUDE_HYPERVISOR = 1 << 0, 1 << 1, 1 << 5, 1 << 6
_CLOSE_ON_EXEC = 1 << 3
# struct perf_event_attr as of its first version: type, size, config, sample_period, sample_type,
# read_format, flags, wakeup_events, bp_type, config1. Every later kernel accepts the short one.
_ATTRIBUTES = struct.Struct("=IIQQQQQIIQ")

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a counter says.

    Args:
        count: raw, not scaled.
        enabled, running: nanoseconds the event was wanted, and was really counting.
    """

    count: int
    enabled: int
    running: int


def open_event(event: Event, pid: int, user_only: bool, leader: int = -1, cpu: int = -1) -> int:
    """Open a counter, disabled, on `pid` and on all threads and children it will have.

    Args:
        pid: -1 for whatever is executed on `cpu`.
        leader: the descriptor of a counter that this one is to count together with, or -1.

    Returns:
        A file descriptor, closed on exec.

    Raises:
        OSError: the kernel refuses; ENOENT means it has no such counter.
        Unavailable: the system call's number on this architecture is not known here.
    """
    number = _NUMBERS.get(platform.machine())
    if number is None:
        raise Unavailable(f"perf_event_open has no known number on {platform.machine()}")
    flags = _DISABLED | _INHERIT | (_EXCLUDE_KERNEL | _EXCLUDE_HYPERVISOR if user_only else 0)
    attributes = _ATTRIBUTES.pack(event.kind, _ATTRIBUTES.size, event.config, 0, 0, _TIMES, flags, 0, 0, 0)
    place = (ctypes.c_long(pid), ctypes.c_long(cpu))
    arguments = (*place, ctypes.c_long(leader), ctypes.c_ulong(_CLOSE_ON_EXEC))
    descriptor: int = _libc.syscall(ctypes.c_long(number), attributes, *arguments)
    if descriptor < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), f"perf_event_open {event.name}")
    return descriptor


def enable(descriptor: int) -> None:
    """Count from now on, in every thread and child that inherited the counter."""
    fcntl.ioctl(descriptor, _ENABLE, 0)


def disable(descriptor: int) -> None:
    """Stop counting, everywhere."""
    fcntl.ioctl(descriptor, _DISABLE, 0)


def read(descriptor: int) -> Reading:
    """Return the sum over the process, its threads and its children."""
    return Reading(*struct.unpack("=QQQ", os.read(descriptor, 24)))
