"""What the kernel knows of a process that it killed, by its log or by a core dump."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a process died.

    Args:
        address: that it tripped over; None where there is none or nobody says.
        pc: the program counter; None where nobody says.
        name: the file that was being executed, by its path or the last part of it; empty where nobody says.
        offset: of the program counter in that file, bytes.
    """

    address: int | None = None
    pc: int | None = None
    name: str = ""
    offset: int = 0
    registers: Mapping[str, int] = field(default_factory=dict)
