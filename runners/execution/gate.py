"""Starting a process that waits at a gate, so that counters can be attached before it executes anything.

The gate is `/bin/sh`, not a fork of this interpreter: a fork of a threaded Python is unsafe and
copies its page tables; posix_spawn(3) of a shell takes under a millisecond.
"""

import contextlib
import fcntl
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# dash accepts one-digit descriptors only, and a fixed number keeps the environment (which names
# them) equally long in every execution.
_GATE, _CONTROL, _ACKNOWLEDGE = 3, 4, 5
CONTROL = f"{_CONTROL},{_ACKNOWLEDGE}"
"""Value of `PAGEWALK_CONTROL` in every process that is started with a control channel."""

_SCRIPT = 'read -r _ <&3 || exit 125; exec 3<&-; cd -- "$1" || exit 125; shift; exec "$@"'


@dataclass(slots=True)
class Gated:
    """A process at the gate, and our ends of its pipes (all non-blocking but `gate`).

    Args:
        commands, acknowledge: the control channel of the contract; None where not asked for.
    """

    pid: int
    pidfd: int
    gate: int
    stdout: int
    stderr: int
    commands: int | None = None
    acknowledge: int | None = None

    def open(self) -> None:
        """Let the process execute its command."""
        with contextlib.suppress(BrokenPipeError):  # it is dead already, and its status says why
            os.write(self.gate, b"\n")


@contextlib.contextmanager
def gated(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, control: bool
) -> Iterator[Gated]:
    """Start `command` in `folder`, in a session of its own, waiting until `Gated.open`.

    Descriptors are closed at the end of the block; the process is the caller's to reap.
    """
    with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
        pipes = _Pipes(ours, theirs)
        gate = pipes.to_child(_GATE)
        out, err = pipes.from_child(1), pipes.from_child(2)
        commands = pipes.from_child(_CONTROL) if control else None
        acknowledge = pipes.to_child(_ACKNOWLEDGE) if control else None
        if acknowledge is not None:
            os.set_blocking(acknowledge, False)
        nothing = (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)
        pid = os.posix_spawn(
            "/bin/sh",
            ["sh", "-c", _SCRIPT, "pagewalk", str(folder), *command],
            environment,
            file_actions=[*_strangers(), nothing, *pipes.actions],
            setsid=True,
            setsigmask=[],
            # Python ignores these two, and what is ignored stays ignored across exec.
            setsigdef=[signal.SIGPIPE, signal.SIGXFSZ],
        )
        theirs.close()
        pidfd = os.pidfd_open(pid)
        ours.callback(os.close, pidfd)
        yield Gated(pid, pidfd, gate, out, err, commands, acknowledge)


def _strangers() -> list[tuple[int, int]]:
    """Close what whoever started us left open, lest the numbers of a workload's own files vary with it."""
    found = []
    for entry in os.scandir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the descriptor of this very scan is closed by the end of it
            if int(entry.name) > 2 and os.get_inheritable(int(entry.name)):
                found.append((os.POSIX_SPAWN_CLOSE, int(entry.name)))
    return found


class _Pipes:
    """Pipes of which the child's end gets a number of its own."""

    def __init__(self, ours: contextlib.ExitStack, theirs: contextlib.ExitStack) -> None:
        self._ours = ours
        self._theirs = theirs
        self.actions: list[tuple[int, int, int]] = []

    def to_child(self, number: int) -> int:
        reader, writer = os.pipe()
        return self._share(writer, reader, number)

    def from_child(self, number: int) -> int:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        return self._share(reader, writer, number)

    def _share(self, mine: int, its: int, number: int) -> int:
        self._ours.callback(os.close, mine)
        # Above all target numbers, so that no dup2 in the child overwrites the source of the next.
        high = fcntl.fcntl(its, fcntl.F_DUPFD_CLOEXEC, 10)
        os.close(its)
        self._theirs.callback(os.close, high)
        self.actions.append((os.POSIX_SPAWN_DUP2, high, number))
        return mine
