"""Somebody from outside who kills what a workload is executed by."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil


@contextmanager
def killed_when_seen(program: str, argument: str = "", *, after: float = 0.0) -> Iterator[None]:
    """Kill a process of ours that is such a one.

    Args:
        program: pattern of its whole name.
        argument: a word of its command line; empty for any.
        after: seconds from the first such process on in which they are let live, however many they are: one
            may be over in less on a fast machine. What lives then is killed, or what is next.
    """
    over = threading.Event()

    def is_prey(process: psutil.Process) -> bool:
        named = re.fullmatch(program, process.name()) is not None
        return named and (not argument or argument in process.cmdline())

    def hunt() -> None:
        until = None
        while not over.wait(0.01):
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    if not is_prey(child):
                        continue
                    if until is None:
                        until = time.monotonic() + after
                    if time.monotonic() >= until:
                        child.kill()
                        return

    hunter = threading.Thread(target=hunt)
    hunter.start()
    try:
        yield
    finally:
        over.set()
        hunter.join()
