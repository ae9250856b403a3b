"""One multiplexed connection to a board, and questions to the program that answers there.

Sources: ssh(1), ssh_config(5): ControlMaster, ControlPath, ControlPersist.
"""

import contextlib
import shlex
import shutil
import subprocess
import tempfile
import weakref
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.inventories import Entry
from runners.execution.capture import printable
from runners.ssh import program
from runners.ssh.answer import Answer, read_answer
from runners.ssh.client import Finished, converse

LIMIT = 8 << 20
"""Bytes of one answer; the largest one that is meant has 2.3 MB."""

PATIENCE = 60.0

_SSH_FAILED = 255

_LONGEST_SOCKET = 70  # of the 108 that sun_path has: our folder takes 20, and ssh adds 17 while it connects
_OPTIONS = (
    "BatchMode=yes",
    "ConnectTimeout=10",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "ControlMaster=auto",
    "ControlPersist=60",
    "ClearAllForwardings=yes",
    "ForwardAgent=no",
    "ForwardX11=no",
    "PermitLocalCommand=no",
    "RemoteCommand=none",
    "RequestTTY=no",
    "LogLevel=ERROR",
)
_REMEDIES = {
    "Permission denied": "Let your key in: ssh-copy-id {host}; or name another one in ~/.ssh/config.",
    "Host key verification failed": "Connect once by hand, and accept its key: ssh {host}",
    "Could not resolve hostname": "Correct its host in runners/machines.toml, or add it to ~/.ssh/config.",
}
_REMEDY = "Is it on, and does `ssh {host} true` work?"


class Lost(Unavailable):
    """The connection broke, or what came over it was no whole answer: nothing is known of what was asked."""


class Connection:
    """The way to one board; connects when it is first asked something.

    Args:
        entry: the board.
    """

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._sockets: Path | None = None

    def install(self) -> Answer:
        """Bring our program to the board, and return the facts that it finds there: one round trip.

        Raises:
            Unavailable: there is no way to it, or it has no room.
        """
        folder, part = shlex.quote(self._entry.folder), f"{program.NAME}.$$"
        script = (
            f"umask 077; mkdir -p -- {folder} && cd -- {folder} && cat >{part} && mv {part} {program.NAME}"
            f" && exec sh ./{program.NAME} facts"
        )
        return self._converse(f"exec sh -c {shlex.quote(script)}", program.TEXT, PATIENCE)

    def ask(self, *words: str, data: bytes | Path = b"", patience: float = PATIENCE) -> Answer:
        """Ask one thing, once.

        Args:
            words: a verb of the program's and its arguments.

        Raises:
            Lost: there is no whole answer.
            Unavailable: the board says that it cannot.
        """
        command = f"cd -- {shlex.quote(self._entry.folder)} && exec sh ./{program.NAME} {shlex.join(words)}"
        return self._converse(f"exec sh -c {shlex.quote(command)}", data, patience)

    def hang_up(self) -> None:
        """End the connection, also one that has died without a word; the next question opens a new one."""
        if self._sockets is not None:
            _end(self._ssh("-O", "exit"))
            self._socket.unlink(missing_ok=True)  # of a master that no longer listens

    def _converse(self, command: str, data: bytes | Path, patience: float) -> Answer:
        if shutil.which("ssh") is None:
            raise Unavailable("ssh is not installed", "apt-get install openssh-client")
        finished = converse((*self._ssh(), command), data, patience, LIMIT)
        answer = None if finished.cut else read_answer(finished.answer)
        if answer is None:
            raise self._lost(finished)
        if "failed" in answer:
            raise Unavailable(
                f"{self._entry.name}: {printable(answer.text('failed'))}", printable(answer.text("remedy"))
            )
        return answer

    def _lost(self, finished: Finished) -> Lost:
        lines = [line for line in finished.said.splitlines() if line.strip()]
        said = printable(lines[-1])[:300] if lines else f"ssh ended with status {finished.status}"
        what = finished.cut or (said if finished.status == _SSH_FAILED else f"no whole answer: {said}")
        known = (remedy for words, remedy in _REMEDIES.items() if words in finished.said)
        remedy = next(known, _REMEDY).format(host=self._entry.host)
        return Lost(f"{self._entry.name} (ssh {self._entry.host}): {what}", remedy)

    def _ssh(self, *more: str) -> tuple[str, ...]:
        config = ("-F", self._entry.config) if self._entry.config else ()
        options = [word for option in (*_OPTIONS, f"ControlPath={self._socket}") for word in ("-o", option)]
        return ("ssh", *config, *options, *more, "--", self._entry.host)

    @property
    def _socket(self) -> Path:
        """The socket of this process's own connection; nobody else's is ended with it."""
        if self._sockets is None:
            base = tempfile.gettempdir()
            self._sockets = Path(
                tempfile.mkdtemp(prefix="pagewalk-", dir=base if len(base) < _LONGEST_SOCKET else "/tmp")
            )
            weakref.finalize(self, _close, self._ssh("-O", "exit"), self._sockets)
        return self._sockets / "s"


def _close(command: tuple[str, ...], folder: Path) -> None:
    _end(command)
    shutil.rmtree(folder, ignore_errors=True)


def _end(command: tuple[str, ...]) -> None:
    quiet = subprocess.DEVNULL
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=5, check=False)
