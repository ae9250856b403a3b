"""One board: our program installed on it, artifacts kept on it, jobs executed on it."""

import contextlib
import secrets
import time
import weakref
from collections.abc import Callable
from functools import cached_property

from pagewalk.errors import Unavailable
from pagewalk.inventories import Entry
from runners.ssh.answer import Answer
from runners.ssh.connection import PATIENCE, Connection, Lost
from runners.ssh.placement import Placement

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each attempt to find a board again that was lost."""

_SLOWEST = 50_000  # bytes a second over the worst link that is worth the wait
_GRACE = 60.0

JobText = Callable[[str], bytes]
"""Returns the text of a job of this name."""


class Board:
    """What a runner asks of a board; every answer is whole, or it is an error.

    Args:
        pauses: seconds before each new attempt after a loss.
    """

    def __init__(self, entry: Entry, pauses: tuple[float, ...] = PAUSES) -> None:
        self._connection = Connection(entry)
        self._name = entry.name
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

    def execute(self, placement: Placement, job: JobText, timeout: float) -> Answer:
        """Execute once, and return what it left; a lost connection is found again and its result read.

        Args:
            timeout: seconds after which the board itself ends it.

        Raises:
            Lost: the board was not found again, and nothing is known of the execution.
            Unavailable: the board cannot.
        """
        ident = secrets.token_hex(8)
        # Somebody else may have the turn for as long as one timeout.
        deadline = time.monotonic() + 2 * timeout + _GRACE
        try:
            answer = self._run(placement, ident, job, deadline)
        except Lost as error:
            ident, answer = self._resume(placement, ident, job, deadline, error)
        except BaseException:
            with contextlib.suppress(Unavailable):
                self._connection.ask("stop", ident, patience=20.0)
            raise
        self._fetched[:] = [ident]
        return answer

    def _run(self, placement: Placement, ident: str, job: JobText, deadline: float) -> Answer:
        text = job(ident)
        self._place(placement)
        answer = self._ask_to_run(placement, ident, text, deadline)
        if "untreed" in answer:  # somebody emptied the folder
            self._placed.clear()
            self._place(placement)
            answer = self._ask_to_run(placement, ident, text, deadline)
        return answer

    def _ask_to_run(self, placement: Placement, ident: str, text: bytes, deadline: float) -> Answer:
        # What was fetched whole is forgotten on the way: a round trip less for each execution.
        words = "run", ident, str(len(text)), placement.name, *self._fetched
        return self._connection.ask(*words, data=text, patience=_until(deadline))

    def _resume(
        self, placement: Placement, ident: str, job: JobText, deadline: float, error: Lost
    ) -> tuple[str, Answer]:
        """Find the board again; return the execution's result, or that of another where it never began."""
        for pause in self._pauses:
            time.sleep(pause)
            self._connection.hang_up()
            try:
                self._connection.install()
                answer = self._connection.ask("fetch", ident, patience=_until(deadline))
                if "unknown" not in answer:
                    return ident, answer
                ident = secrets.token_hex(8)
                return ident, self._run(placement, ident, job, deadline)
            except Lost as again:
                error = again
        raise Lost(
            f"{error.message}\nWhat became of this execution is not known; it is no result.", error.remedy
        )

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
                f"{self._name}: files that were sent to {self.folder} are not there",
                "Is somebody emptying it? Name another folder in runners/machines.toml.",
            )
        self._placed.add(placement.name)

    def _missing(self, placement: Placement) -> set[str]:
        answer = self._connection.ask("tree", placement.name, data=placement.manifest)
        return set(answer.text("missing").split())


def _until(deadline: float) -> float:
    """Return the seconds that are left, and a few where none are: a result that is there can be fetched."""
    return max(10.0, deadline - time.monotonic())


def _forget(connection: Connection, fetched: list[str]) -> None:
    """Drop what was fetched; where that fails, the board does it by itself when a day is over."""
    with contextlib.suppress(Unavailable):
        for ident in fetched:
            connection.ask("forget", ident, patience=5.0)
    fetched.clear()
