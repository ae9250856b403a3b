"""Writes the record of work under way, so seldom that the work does not feel it."""

import contextlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pagewalk.files import write_whole
from pagewalk.live.reading import live_in
from pagewalk.live.record import LATEST, Live, Result, as_json
from pagewalk.processes import Standing, ending_of, this_process

FOLDER = Path(".pagewalk") / "live"
"""Where a project keeps its records, below its root."""
EVERY = 0.5
"""Seconds between two writings, at the least."""
KEPT = 20
"""Records of ended work that stay."""


class Reporter:
    """Keeps one record on disk up to date, at most twice a second; what comes last is never lost.

    That it cannot be written is no reason to stop measuring: errors of the file system are passed over.
    """

    def __init__(self, folder: Path, live: Live) -> None:
        self._path = folder / f"{live.identity}.json"
        self._live = live
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._written = -EVERY
        self.tell()

    @property
    def live(self) -> Live:
        return self._live

    def tell(self, result: Result | None = None, **changes: Any) -> None:
        """Change fields of the record, and add the result of an execution if there is one."""
        with self._lock:
            if result is not None:
                changes["results"] = (*self._live.results, result)[-LATEST:]
            self._live = replace(self._live, updated=time.time(), **changes)
            wait = self._written + EVERY - time.monotonic()
            if wait <= 0:
                self._write()
            elif self._timer is None:
                # An execution may take minutes: what was said right before it must show all that time.
                self._timer = threading.Timer(wait, self._late)
                self._timer.daemon = True
                self._timer.start()

    def end(self, error: BaseException | None) -> None:
        """Say that it is over, and how; on disk when this returns."""
        with self._lock:
            words = self._live.words if error is None else str(error) or type(error).__name__
            over: dict[str, Any] = {
                "ended": ending_of(error),
                "words": words[:500],
                "now": "",
                "remaining": None,
            }
            self._live = replace(self._live, updated=time.time(), **over)
            self._write()

    def _late(self) -> None:
        with self._lock:
            if self._timer is not None:
                self._write()

    def _write(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._written = time.monotonic()
        with contextlib.suppress(OSError):
            write_whole(self._path, json.dumps(as_json(self._live), allow_nan=False) + "\n", durable=False)


@contextmanager
def reporting(folder: Path, command: str, subject: str, **known: Any) -> Iterator[Reporter]:
    """Tell in a folder what is being done, until it ends.

    Args:
        known: further fields of `Live`, as far as they are known at the start.
    """
    _forget_old(folder)
    process, now = this_process(), time.time()
    identity = f"{int(now)}-{process.pid}-{secrets.token_hex(2)}"
    reporter = Reporter(folder, Live(identity, command, subject, process, now, now, **known))
    try:
        yield reporter
    except BaseException as error:
        reporter.end(error)
        raise
    reporter.end(None)


def _forget_old(folder: Path) -> None:
    """Remove all records but the newest of what has ended; what cannot be read is left to be looked at."""
    found, _ = live_in(folder)
    ended = [live for live in found if live.standing is not Standing.RUNNING]
    for live in ended[KEPT:]:
        with contextlib.suppress(OSError):
            (folder / f"{live.identity}.json").unlink()
