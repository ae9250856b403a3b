"""The control channel of the contract: the workload asks for counting, we answer when it is done.

The protocol is that of `perf stat --control fd:CTL,ACK` (perf-stat(1)): `enable` or `disable`, a
newline, and `ack` and a newline in return.
"""

import contextlib
import os
from collections.abc import Sequence

from pagewalk.protocols import CounterSession

_LONGEST = 4096


class Control:
    """Our end of the channel for one process.

    Args:
        acknowledge: non-blocking descriptor that answers go to.
    """

    def __init__(self, sessions: Sequence[CounterSession], acknowledge: int) -> None:
        self._sessions = sessions
        self._acknowledge = acknowledge
        self._pending = b""
        self.defect = ""
        """What was wrong with the first command that is none; empty when all were right."""

    def feed(self, chunk: bytes) -> None:
        """Take bytes the workload wrote, and do what they ask."""
        *lines, self._pending = (self._pending + chunk).split(b"\n")
        for line in lines:
            self._obey(line)
        if len(self._pending) > _LONGEST:
            self._complain(self._pending)
            self._pending = b""

    def _obey(self, line: bytes) -> None:
        # Backwards at the end, so that each session's counting encloses that of the ones after it.
        if line == b"enable":
            for session in self._sessions:
                session.enable()
        elif line == b"disable":
            for session in reversed(self._sessions):
                session.disable()
        else:
            self._complain(line)
        # A workload that asks and never listens fills the pipe or has closed it: its own affair.
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(self._acknowledge, b"ack\n")

    def _complain(self, line: bytes) -> None:
        self.defect = self.defect or f"neither enable nor disable on the control channel: {line[:40]!r}"
