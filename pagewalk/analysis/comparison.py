"""Two revisions side by side: every metric of every case on every runner, with a verdict each."""

from dataclasses import dataclass

from pagewalk.analysis.verdict import Effect, Verdict
from pagewalk.model import Case, Machine, Record, Revision, Values


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of one case on one runner.

    Args:
        effect: None where there is nothing to compare.
        evidence: one sentence that says what the verdict rests on, or why there is none.
    """

    case: Case
    machine: str
    metric: str
    base: Values
    head: Values
    verdict: Verdict
    effect: Effect | None
    evidence: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """How one case ended on one runner, before and after. Stands above all numbers."""

    case: Case
    machine: str
    base: Record
    head: Record
    verdict: Verdict
    evidence: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of a comparison, as plain values that any report or figure can render."""

    base: Revision
    head: Revision
    machines: tuple[Machine, ...]
    outcomes: tuple[OutcomeRow, ...]
    metrics: tuple[MetricRow, ...]
    warnings: tuple[str, ...] = ()
