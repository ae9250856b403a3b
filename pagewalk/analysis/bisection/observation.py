"""What a bisection knows: executions at places between a good and a bad commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Observation:
    """One execution at one commit.

    Args:
        value: the number it gave, in base units; None where it gave none.
        crashed: whether it ended badly: a signal, a timeout, an exit status without a number.
        exact: whether its counter source says that the same execution gives the same number again.
    """

    value: float | None = None
    crashed: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """An execution and where it was.

    Args:
        place: 0 is the good commit, 1 … n the candidates oldest first, n the bad commit.
    """

    place: int
    observation: Observation


@dataclass(frozen=True, slots=True)
class Search:
    """All there is to decide on; the next step depends on nothing else.

    Args:
        last: place of the bad commit, n: so many candidates are there.
        taken: executions in the order of time.
        skipped: places that do not build.
        confidence: posterior at which a commit is named, in (0.5, 1).
        budget: executions that may be taken in all.
        build_cost: cost of a commit not measured before, in executions of one that was.
    """

    last: int
    taken: Sequence[Taken] = ()
    skipped: frozenset[int] = field(default_factory=frozenset)
    confidence: float = 0.99
    budget: int = 300
    build_cost: float = 0.0

    def at(self, place: int) -> list[Observation]:
        """Return the executions at one place, in order of time."""
        return [taken.observation for taken in self.taken if taken.place == place]

    @property
    def left(self) -> int:
        """Executions that may still be taken."""
        return max(0, self.budget - len(self.taken))

    @property
    def usable(self) -> list[int]:
        """Places that build, as far as is known, both ends among them."""
        return [place for place in range(self.last + 1) if place not in self.skipped]

    @property
    def measured(self) -> Mapping[int, int]:
        """How many executions there are by place."""
        counts: dict[int, int] = {}
        for taken in self.taken:
            counts[taken.place] = counts.get(taken.place, 0) + 1
        return counts
