"""One board: our program installed on it, artifacts kept on it, jobs executed on it."""

import contextlib
import secrets
import time
import weakref
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Protocol

from pagewalk.errors import Unavailable
from runners.ssh.answer import Answer
from runners.ssh.connection import PATIENCE, Lost
from runners.ssh.placement import Placement

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each attempt to find a board again that was lost."""

_SLOWEST = 50_000  # bytes a second over the worst link that is worth the wait
_GRACE = 60.0
_UNKNOWN = "What became of this execution is not known; it is no result."


class Way(Protocol):
    """How a board is reached; see `runners.ssh.connection.Connection`, which is one."""

    def install(self) -> Answer: ...

    def ask(self, *words: str, data: bytes | Path = b"", patience: float = PATIENCE) -> Answer: ...

    def hang_up(self) -> None: ...


class Board:
    """What a runner asks of a board; every answer is whole, or it is an error.

    Args:
        name: of the runner, for messages.
        pauses: seconds before each new attempt after a loss.
    """

    def __init__(self, name: str, connection: Way, pauses: tuple[float, ...] = PAUSES) -> None:
        self._connection = connection
        self.name = name
        self._pauses = pauses
        self._placed: set[str] = set()
        self._fetched: list[str] = []

    @cached_property
    def facts(self) -> Answer:
        """What the board told of itself when it was first connected to.

        Raises:
            Unavailable: there is no way to it, or it cannot keep files.
        """
        answer = self._connection.install()
        # Made after that of the connection, and so run before it when the interpreter ends.
        weakref.finalize(self, _forget, self._connection, self._fetched)
        return answer

    def close(self) -> None:
        """Leave nothing but files on the board, and hang up."""
        _forget(self._connection, self._fetched)
        self._connection.hang_up()

    @property
    def folder(self) -> str:
        """The absolute path of our folder there."""
        return self.facts.text("folder")

    def try_events(self, events: str) -> Answer:
        """Let perf count `true` there, each of `events` by itself."""
        return self._connection.ask("perf_events", events)

    def try_probe(self) -> Answer:
        """Let its kernel place a probe on a file that nobody executes, and its perf count it."""
        return self._connection.ask("try_probe", new_ident())

    def execute(self, placement: Placement, ident: str, text: bytes, timeout: float) -> Answer:
        """Execute once, and return what it left; a lost connection is found again and its result read.

        Args:
            ident: of this execution alone, see `new_ident`.
            text: of its job.
            timeout: seconds after which the board itself ends it.

        Raises:
            Lost: the board was not found again, and nothing is known of the execution.
            Unavailable: the board cannot.
        """
        # Somebody else may have the turn for as long as one timeout.
        deadline = time.monotonic() + 2 * timeout + _GRACE
        try:
            answer = self._persistently(lambda: self._run(placement, ident, text, deadline))
        except Lost as error:
            raise Lost(f"{error.message}\n{_UNKNOWN}", error.remedy) from error
        except BaseException:
            with contextlib.suppress(Unavailable):
                self._connection.ask("stop", ident, patience=20.0)
            raise
        self._fetched[:] = [ident]
        return answer

    def _persistently(self, ask: Callable[[], Answer]) -> Answer:
        """Ask, and ask again when the board was lost and is there again; a job of one name is executed once.

        Raises:
            Lost: it is not there after all pauses.
        """
        for pause in self._pauses:
            try:
                return ask()
            except Lost:
                time.sleep(pause)
                self._connection.hang_up()
            with contextlib.suppress(Lost):
                self._connection.install()
        return ask()

    def _run(self, placement: Placement, ident: str, text: bytes, deadline: float) -> Answer:
        self._place(placement)
        # What was fetched whole is forgotten on the way: a round trip less for each execution.
        words = "run", ident, str(len(text)), placement.name, *self._fetched
        answer = self._connection.ask(*words, data=text, patience=_until(deadline))
        if "untreed" not in answer:
            return answer
        self._placed.clear()  # somebody emptied the folder
        self._place(placement)
        return self._connection.ask(*words, data=text, patience=_until(deadline))

    def _place(self, placement: Placement) -> None:
        """Have the files of an artifact on the board, sending those that it does not have by content."""
        if placement.name in self._placed:
            return
        missing = self._missing(placement)
        for path, digest in placement.files.items():
            if digest in missing:
                missing.discard(digest)
                size = path.stat().st_size
                patience = PATIENCE + size / _SLOWEST
                self._connection.ask("push", digest, str(size), data=path, patience=patience)
        if missing or self._missing(placement):
            raise Unavailable(
                f"{self.name}: files that were sent to {self.folder} are not there",
                "Is somebody emptying it? Name another folder in runners/machines.toml.",
            )
        self._placed.add(placement.name)

    def _missing(self, placement: Placement) -> set[str]:
        answer = self._connection.ask("tree", placement.name, data=placement.manifest)
        return set(answer.text("missing").split())


def new_ident() -> str:
    """Return a name for an execution that no other one has."""
    return secrets.token_hex(8)


def _until(deadline: float) -> float:
    """Return the seconds that are left, and a few where none are: a result that is there can be fetched."""
    return max(10.0, deadline - time.monotonic())


def _forget(connection: Way, fetched: list[str]) -> None:
    """Drop what was fetched; where that fails, the board does it by itself when a day is over."""
    with contextlib.suppress(Unavailable):
        for ident in fetched:
            connection.ask("forget", ident, patience=5.0)
    fetched.clear()
