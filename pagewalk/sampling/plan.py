"""What is to be executed, how often, and in which order."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pagewalk.model import Artifact, Precision, Provenance, Revision, Run
from pagewalk.protocols import Runner
from pagewalk.suite.discovery import SuiteCase

SAMPLED_ROUNDS = 10
"""Ten a side: the Mann–Whitney test can then reach p = 1e-5, enough for a few hundred comparisons."""
SIMULATED_ROUNDS = 6
"""For simulated counts that vary by fractions of a percent: programs with threads, whole processes."""
EXACT_ROUNDS = 2
"""A second execution shows that the first one repeats."""


@dataclass(frozen=True, slots=True)
class Side:
    """One revision, built for one target: the artifact of each program, or the run that stands for it."""

    revision: Revision
    builds: Mapping[str, Artifact | Run]


@dataclass(frozen=True, slots=True)
class Cell:
    """One case on one runner, on one side or two that take turns."""

    runner: Runner
    case: SuiteCase
    sides: tuple[Side, ...]
    rounds: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One execution to be done.

    Args:
        record_faults: whether it records page faults with their stacks; recording disturbs, so that
            such an execution gives no samples.
    """

    cell: Cell
    side: Side
    round: int
    record_faults: bool = False


def rounds_for(runner: Runner, case: SuiteCase, sampled: int = SAMPLED_ROUNDS) -> int:
    """Return how many executions a side a case needs on a runner."""
    if not runner.emulated:
        return sampled
    return EXACT_ROUNDS if exact_on(runner, case) else min(sampled, SIMULATED_ROUNDS)


def exact_on(runner: Runner, case: SuiteCase) -> bool:
    """Return whether the counts of a case repeat exactly on a runner."""
    return runner.emulated and not case.threads and not _all_sampled(runner)


def _all_sampled(runner: Runner) -> bool:
    """Whether a runner has values and promises for none of them that they repeat."""
    offered = [value for value in runner.availability().values() if isinstance(value, Provenance)]
    return bool(offered) and all(value.precision is Precision.SAMPLED for value in offered)


def turns(cells: Sequence[Cell], seed: int, *, record_faults: bool = False) -> Iterator[Turn]:
    """Yield all executions, round by round, and last those that record page faults, one a side.

    Within a round the cells come in an order drawn anew, and the sides of a cell right after each
    other, AB and BA by turns, so that drift of the machine hits both alike (Kalibera and Jones,
    Rigorous benchmarking in reasonable time, ISMM 2013).
    """
    generator = random.Random(seed)
    for number in range(max((cell.rounds for cell in cells), default=0)):
        pending = [cell for cell in cells if number < cell.rounds]
        generator.shuffle(pending)
        for cell in pending:
            for side in cell.sides if number % 2 == 0 else cell.sides[::-1]:
                yield Turn(cell, side, number)
    for cell in cells if record_faults else ():
        if not cell.runner.emulated:
            yield from (Turn(cell, side, cell.rounds, record_faults=True) for side in cell.sides)
