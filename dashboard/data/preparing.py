"""What is worked out before anybody asks for it."""

import contextlib
import math
from collections.abc import Callable

CALM = 10.0
"""Seconds without a change after which one stands alone."""


class Preparing:
    """Works something out anew after a change, but once for many in a row.

    A change that stands alone is followed at once. While a command measures and writes file after file,
    nothing takes its processor away for what would be out of date in a moment.

    Args:
        what: that is worked out, and kept by whom it is asked of.
    """

    def __init__(self, what: Callable[[], object]) -> None:
        self._what = what
        self._changed = -math.inf
        self._due = math.inf

    def changed(self, now: float) -> None:
        """Note a change, at a time in seconds."""
        self._due = now if now - self._changed > CALM else now + CALM
        self._changed = now

    def go_on(self, now: float) -> None:
        """Work it out if it is due."""
        if now >= self._due:
            self._due = math.inf
            with contextlib.suppress(Exception):  # whoever asks for it is told
                self._what()
