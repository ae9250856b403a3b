"""Whose turn it is when many people ask at once: what takes a moment does not wait for what takes longer.

Python runs one thread at a time. Of pages that are drawn side by side none is there before nearly all are;
one after the other, the first is there in its own time and the last one when all are.
"""

import sys
from threading import BoundedSemaphore

THREADS = 32
"""That answer requests. Whoever waits for a turn takes nothing but a thread."""
_SWITCH = 0.001
"""Seconds after which a thread that calculates makes room for another; 0.005 where nobody says. An answer
that is at hand needs several such turns until it is sent."""
_PATIENCE = 0.5
"""Seconds after which what is drawn goes on beside what takes longer than a page may."""


def take_short_turns() -> None:
    """Set up how threads of this process take turns."""
    sys.setswitchinterval(_SWITCH)


class Turns:
    """One turn at a time, for whoever waits no longer than a patient person does."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._free = BoundedSemaphore()

    def take(self) -> bool:
        """Wait for a turn; return whether it has to be given back, which is not so once patience ended."""
        return self._free.acquire(timeout=self._patience)

    def give_back(self) -> None:
        """Let the next one go on."""
        self._free.release()
