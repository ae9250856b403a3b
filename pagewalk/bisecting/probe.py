"""What a bisection asks of whoever executes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pagewalk.analysis.bisection import Observation


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution at one commit.

    Args:
        values: by metric, in base units; a command's own number is `value`.
        exact: the metrics whose source says that they repeat.
        crashed: whether it ended badly.
        words: how it ended, for a person.
        unit: of time or size, as a command printed it behind its number; empty where it printed none.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    crashed: bool = False
    words: str = ""
    unit: str = ""

    def of(self, metric: str) -> Observation:
        """Return what this says of one metric."""
        return Observation(self.values.get(metric), self.crashed, metric in self.exact)


class Probe(Protocol):
    """Executes something at a commit."""

    def measure(self, commit: str) -> Execution | None:
        """Execute once at a commit of 40 digits; None where it does not build."""
        ...
