"""Switching a running `perf` on and off: the other side of `--control fifo:CTL,ACK` (perf-stat(1))."""

import os
import select
import signal
import weakref
from pathlib import Path

from pagewalk.errors import Killed, Unavailable

_PATIENCE = 10.0


class PerfControl:
    """Two named pipes in `scratch`, so that no descriptor has to be handed down to perf."""

    def __init__(self, scratch: Path) -> None:
        paths = scratch / "control", scratch / "acknowledge"
        for path in paths:
            os.mkfifo(path, 0o600)
        # Read and write, so that neither we nor perf wait for the other to open its end.
        self._control, self._acknowledge = (os.open(path, os.O_RDWR | os.O_CLOEXEC) for path in paths)
        self._pidfds: list[int] = []
        weakref.finalize(self, _close, (self._control, self._acknowledge), self._pidfds)
        self.option = f"--control=fifo:{paths[0]},{paths[1]}"
        """What perf must be told."""

    def attach(self, pid: int) -> None:
        """Take notice of the end of perf, whose process is `pid`."""
        self._pidfds.append(os.pidfd_open(pid))

    def ask(self, word: str) -> None:
        """Send `enable` or `disable` and return when perf has done it.

        Raises:
            Killed: somebody killed perf.
            Unavailable: perf is gone, or does not answer.
        """
        os.write(self._control, f"{word}\n".encode())
        ready, _, _ = select.select([self._acknowledge, *self._pidfds], [], [], _PATIENCE)
        if self._acknowledge in ready:
            # perf writes the terminating NUL as well: sizeof, not strlen (tools/perf/util/evlist.c).
            os.read(self._acknowledge, 64)
            return
        if any(_killed(pidfd) for pidfd in self._pidfds):
            raise Killed("perf")
        what = "ended before" if ready else f"did not answer within {_PATIENCE:.0f} s to"
        raise Unavailable(
            f"perf {what} `{word}` on its control channel", "Update it: apt-get install linux-perf"
        )


def _killed(pidfd: int) -> bool:
    """Whether our child was ended by SIGKILL; it stays to be waited for by whoever started it."""
    try:
        ended = os.waitid(os.P_PIDFD, pidfd, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return ended is not None and ended.si_code == os.CLD_KILLED and ended.si_status == signal.SIGKILL


def _close(descriptors: tuple[int, int], pidfds: list[int]) -> None:
    for descriptor in (*descriptors, *pidfds):
        os.close(descriptor)
