"""Values that nobody uses any more are freed, and circles among them looked for, while nobody waits.

To look through what a few comparisons keep takes Python longer than half of another one. By itself it does so
whenever so many values are new, which is always while a page is drawn.
"""

import gc
import threading
import time
from collections.abc import Callable

from flask import Flask, Response

from dashboard.data.keeping import LEAVING

_MANY = 20_000
"""New values from which on a look is worth it."""
_CALM = 1.0
"""Seconds without a question after which nobody is taken to wait."""
_OFTEN = 0.25
_OLDER, _OLDEST = 10, 100
"""Looks after which those that have stood one are looked through again, and all of them."""


class Sweeping:
    """Frees what is kept no more in quiet moments, and looks for circles.

    Args:
        collect: looks through a generation and all younger ones, as `gc.collect`.
        young: returns how many values are new.
        free: frees what has made room for newer answers.
    """

    def __init__(
        self,
        collect: Callable[[int], object] = gc.collect,
        young: Callable[[], int] = lambda: gc.get_count()[0],
        free: Callable[[], object] = LEAVING.empty,
    ) -> None:
        self._collect = collect
        self._young = young
        self._free = free
        self._asked = 0.0
        self._looks = 0
        self._stopped = threading.Event()

    def asked(self, now: float) -> None:
        """Note that somebody asked or was answered, at a time in seconds."""
        self._asked = now

    def go_on(self, now: float) -> None:
        """Free, and look where it is worth it, if nobody waits."""
        if now - self._asked < _CALM:
            return
        self._free()
        if self._young() < _MANY:
            return
        self._looks += 1
        self._collect(2 if self._looks % _OLDEST == 0 else 1 if self._looks % _OLDER == 0 else 0)

    def follow(self, server: Flask) -> None:
        """Look from time to time, in a thread of its own, between the questions to a server; until `stop`."""

        @server.before_request
        def begin() -> None:
            self.asked(time.monotonic())

        @server.after_request
        def end(response: Response) -> Response:
            self.asked(time.monotonic())
            return response

        threading.Thread(target=self._watch, name="sweeping", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _watch(self) -> None:
        while not self._stopped.wait(_OFTEN):
            self.go_on(time.monotonic())
