"""What a project may say of single benchmarks: how much is too much, and what is put up with until when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pagewalk.model import Case

ENDING = "ending"
"""In place of a metric: how an execution ends. No exemption from a number covers a crash."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rule is about.

    Args:
        bench: a regular expression, searched for in `alloc.Churn(size=64)`; empty matches every case.
        metric: of `pagewalk.metrics`, or `ENDING`; empty is every metric, but no ending.
        machine: asv's name of the runner; empty is every one.
    """

    bench: str = ""
    metric: str = ""
    machine: str = ""

    def covers(self, machine: str, case: Case, metric: str) -> bool:
        """Return whether this place is meant."""
        return (
            self.machine in ("", machine)
            and (self.metric == metric or (not self.metric and metric != ENDING))
            and re.search(self.bench, str(case)) is not None
        )

    def __str__(self) -> str:
        parts = (self.bench and f"{self.bench!r}", self.metric, self.machine and f"on {self.machine}")
        return " ".join(part for part in parts if part) or "everything"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A relative change that must be exceeded there, of sampled metrics and exact counters alike."""

    scope: Scope
    relative: float


@dataclass(frozen=True, slots=True)
class Exemption:
    """A regression or a crash that is known and put up with.

    Args:
        expires: the last day on which it holds.
    """

    scope: Scope
    reason: str
    expires: date

    def holds(self, today: date) -> bool:
        """Return whether it holds today."""
        return today <= self.expires


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a project says of single benchmarks."""

    thresholds: tuple[Threshold, ...] = ()
    exemptions: tuple[Exemption, ...] = ()


def own_limit(
    thresholds: Sequence[Threshold], machine: str, case: Case, metric: str, default: float
) -> float:
    """Return the relative limit of one place: the last threshold that covers it, else the default."""
    own = [rule.relative for rule in thresholds if rule.scope.covers(machine, case, metric)]
    return own[-1] if own else default
