"""Somebody from outside who kills what a workload is executed by."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil


@contextmanager
def killed_when_seen(program: str, argument: str) -> Iterator[None]:
    """Kill any process of ours as soon as it is there.

    Args:
        program: how its name begins.
        argument: a word of its command line.
    """
    over = threading.Event()

    def hunt() -> None:
        while not over.wait(0.01):
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    if child.name().startswith(program) and argument in child.cmdline():
                        child.kill()

    hunter = threading.Thread(target=hunt)
    hunter.start()
    try:
        yield
    finally:
        over.set()
        hunter.join()
