"""How long each case takes to execute on each machine, as it was the last time: what a wait is told from."""

import json
import math
import statistics
from collections.abc import Iterable
from pathlib import Path

from pagewalk.files import MALFORMED, read_json, write_whole
from pagewalk.locking import locked
from pagewalk.sampling.plan import Turn

_MOST, _LONGEST = 100_000, 1e6
_MOST_BYTES = 64 << 20
_WEIGHT = 0.3
"""Of the newest duration, against what was known: one slow execution is no news."""


class Durations:
    """Seconds an execution, by machine and case; a file that may be deleted at any time.

    Args:
        path: of the file; one that is no such file is not believed and written anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seconds: dict[str, float] = _read(path)
        self._learned: dict[str, float] = {}

    def expected(self, turns: Iterable[Turn]) -> tuple[float, int] | None:
        """Return the seconds that all turns will take, and for how many of them that is a guess.

        A guess is what others take on the same machine. None where there is a machine that nothing was ever
        executed on: a number out of the air would mislead.
        """
        total, guessed = 0.0, 0
        usual: dict[str, float | None] = {}
        for turn in turns:
            seconds = self._seconds.get(_key(turn))
            if seconds is None:
                guessed += 1
                machine = turn.cell.runner.machine
                if machine not in usual:
                    usual[machine] = self._usual(machine)
                seconds = usual[machine]
            if seconds is None:
                return None
            total += seconds
        return total, guessed

    def learn(self, turn: Turn, seconds: float) -> None:
        """Remember how long a turn took, at its end."""
        key = _key(turn)
        known = self._seconds.get(key, seconds)
        self._seconds[key] = round(known + _WEIGHT * (seconds - known), 4)
        self._learned.pop(key, None)  # what is put in again is the newest
        self._learned[key] = self._seconds[key]

    def keep(self) -> None:
        """Write down what was learned, the newest last; what was not for the longest time is forgotten.

        What other commands wrote in the meantime stays.
        """
        with locked(self._path):
            there = {key: value for key, value in _read(self._path).items() if key not in self._learned}
            newest = dict(list({**there, **self._learned}.items())[-_MOST:])
            write_whole(self._path, json.dumps(newest, indent=0), durable=False)

    def _usual(self, machine: str) -> float | None:
        known = [seconds for key, seconds in self._seconds.items() if key.startswith(f"{machine}\0")]
        return statistics.fmean(known) if known else None


def _key(turn: Turn) -> str:
    return f"{turn.cell.runner.machine}\0{turn.cell.case.case}"


def _read(path: Path) -> dict[str, float]:
    try:
        values = read_json(path, _MOST_BYTES)
    except (OSError, *MALFORMED):
        return {}
    if not isinstance(values, dict):
        return {}
    return {key: float(value) for key, value in values.items() if _is_duration(value)}


def _is_duration(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and 0 <= value < _LONGEST
