"""Somebody from outside who kills what a workload is executed by."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil


@contextmanager
def killed_when_seen(program: str, argument: str = "", *, after: float = 0.0) -> Iterator[None]:
    """Kill the first process of ours that is such a one.

    Args:
        program: pattern of its whole name.
        argument: a word of its command line; empty for any.
        after: seconds that it is let live.
    """
    over = threading.Event()

    def is_prey(process: psutil.Process) -> bool:
        named = re.fullmatch(program, process.name()) is not None
        return named and (not argument or argument in process.cmdline())

    def hunt() -> None:
        while not over.wait(0.01):
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    if is_prey(child):
                        over.wait(after)
                        child.kill()
                        return

    hunter = threading.Thread(target=hunt)
    hunter.start()
    try:
        yield
    finally:
        over.set()
        hunter.join()
