"""Comparisons in one line, for tests: what `compare` needs, around the samples that matter."""

from collections.abc import Mapping, Sequence

from pagewalk.analysis.comparison import Comparison, MetricRow, OutcomeRow, compare
from pagewalk.analysis.settings import Settings
from pagewalk.model import (
    Case,
    Crash,
    Machine,
    Origin,
    Outcome,
    Precision,
    Provenance,
    Record,
    Revision,
    Values,
)

BASE = Revision("subject", "a" * 40, "before", 0)
HEAD = Revision("subject", "b" * 40, "after", 1)
BOARD = Machine("board", "riscv64", emulated=False)
CASE = Case("alloc.Churn", (("size", "64"),))
SAMPLED = Provenance(Origin.CLOCK, Precision.SAMPLED, "clock")
EXACT = Provenance(Origin.SIMULATED, Precision.EXACT, "memsim")
DEFAULT = Settings()


def case(number: int) -> Case:
    return Case("alloc.Churn", (("size", str(number)),))


def timed(samples: Sequence[float], own: Case = CASE, sitting: str = "", metric: str = "time") -> Record:
    values = Values(metric, tuple(samples), SAMPLED)
    return Record(own, {Outcome.OK: max(1, len(samples))}, {metric: values}, sitting=sitting)


def counted(samples: Sequence[float], metric: str = "dtlb_misses") -> Record:
    return Record(CASE, {Outcome.OK: len(samples)}, {metric: Values(metric, tuple(samples), EXACT)})


def ended(crash: Crash | None = None, **outcomes: int) -> Record:
    """How a case ended: `ended(ok=7, crashed=3)`."""
    counts = {Outcome(name.replace("_", "-")): count for name, count in outcomes.items()}
    return Record(CASE, counts, {}, crash=crash)


def compare_all(
    before: Mapping[Case, Record], after: Mapping[Case, Record], settings: Settings = DEFAULT
) -> Comparison:
    return compare(BASE, HEAD, [BOARD], {"board": before}, {"board": after}, settings)


def compare_one(before: Record, after: Record, settings: Settings = DEFAULT) -> MetricRow:
    (row,) = compare_all({CASE: before}, {CASE: after}, settings).metrics
    return row


def compare_endings(before: Record, after: Record) -> OutcomeRow:
    (row,) = compare_all({CASE: before}, {CASE: after}).outcomes
    return row
