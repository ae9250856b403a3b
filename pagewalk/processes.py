"""Which process it was, and whether it still is: a number alone comes to mean another one."""

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psutil

SLACK = 5.0
"""Seconds that a start may seem to move: it is known relative to a clock that is set now and then."""


class Ending(StrEnum):
    """How a piece of work ended."""

    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class Standing(StrEnum):
    """What is to be said of a piece of work by now."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Process:
    """One process of this machine.

    Args:
        pid: its number, which the kernel gives to another one later.
        started: seconds since the epoch.
    """

    pid: int
    started: float

    def alive(self) -> bool:
        """Return whether this very process is there, and no zombie."""
        try:
            there = psutil.Process(self.pid)
            same = abs(there.create_time() - self.started) <= SLACK
            return same and there.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, ValueError, OverflowError):
            return False


def this_process() -> Process:
    """Return the process that asks."""
    return Process(os.getpid(), psutil.Process().create_time())


def process_in(value: Any) -> Process:
    """Return the process that JSON speaks of.

    Raises:
        ValueError, TypeError, KeyError, OverflowError: it speaks of none.
    """
    pid, started = value["pid"], value["started"]
    if type(pid) is not int or pid <= 0:
        raise ValueError(f"{pid!r:.20} is no process")
    return Process(pid, float(started))


def ending_of(error: BaseException | None) -> Ending:
    """Return how work ended that left with an exception, or without one."""
    if error is None:
        return Ending.FINISHED
    return Ending.INTERRUPTED if isinstance(error, KeyboardInterrupt) else Ending.FAILED


def standing(process: Process, ended: Ending | None) -> Standing:
    """Return how work stands: what did not say that it ended, and whose process is gone, was interrupted."""
    if ended is not None:
        return Standing(ended)
    return Standing.RUNNING if process.alive() else Standing.INTERRUPTED
