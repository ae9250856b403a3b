"""One sequence of calls: a number that decides all steps, and which of them are taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence, replayed exactly wherever it is replayed.

    Args:
        name: what a suite and its results call it; never given to another one.
        program: the workload that replays it.
        options: the workload's own, by name, as `{"sequence": "7", "length": "400", "keep": "3,17-19"}`.
        found: where it came from, for a person to read.
    """

    name: str
    program: str
    options: tuple[tuple[str, str], ...]
    found: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        return tuple(f"--{name}={value}" for name, value in self.options)


def ranges(steps: Iterable[int]) -> str:
    """Write rising steps as `0-41,57,60-63`."""
    rising = list(steps)
    if not rising:
        return ""
    breaks = [at + 1 for at, (one, next_) in enumerate(pairwise(rising)) if next_ != one + 1]
    runs = [rising[begin:end] for begin, end in pairwise([0, *breaks, len(rising)])]
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
