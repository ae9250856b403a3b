"""What a bisection says: where to measure next, or what it found."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pagewalk.analysis.hodges_lehmann import Shift


class Status(StrEnum):
    """How a bisection ended."""

    FOUND = "found"
    RANGE = "range"
    SEVERAL = "several"
    NOT_REPRODUCED = "not-reproduced"
    BUDGET = "budget"


class Kind(StrEnum):
    """What good and bad differ in."""

    EXACT = "exact"
    SAMPLED = "sampled"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Measure:
    """The next execution.

    Args:
        place: where.
        first_bad: posterior by place as it is now; empty while only the ends are known.
        remaining: rough number of executions to go.
    """

    place: int
    first_bad: Sequence[float] = ()
    remaining: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of a search.

    Args:
        after: the last place known to be good.
        up_to: the first place known to be bad; the candidates are (after, up_to].
        probability: that the first bad commit is one of them.
        first_bad: posterior by place, shape (n + 1,).
        effect: from good to bad: a ratio, or a difference where values are not all positive.
        relative: whether it is a ratio.
        reason: one sentence where there is more to say.
    """

    status: Status
    kind: Kind
    after: int
    up_to: int
    probability: float
    first_bad: Sequence[float]
    effect: Shift | None = None
    relative: bool = True
    reason: str = ""
