"""What the index answers with: frozen values, in base units, nothing of SQL in them.

Columns are numpy arrays of one length, so that ten thousand commits draw without ten thousand objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from pagewalk.model import Crash, Machine, Provenance

Params = tuple[tuple[str, str], ...]
"""Names and values in the suite's order, values as asv writes them (`repr`)."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of many.

    Args:
        total: how many there are in all.
        offset: how many come before the first of `rows`.
    """

    rows: tuple[Row, ...]
    total: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is indexed. `values` counts numbers and what stands in their place."""

    subjects: int
    machines: int
    revisions: int
    benchmarks: int
    files: int
    values: int
    crashes: int
    problems: int


@dataclass(frozen=True, slots=True)
class SubjectSummary:
    """One results folder.

    Args:
        folder: relative to the results root; empty where the root is itself a results folder.
        last_run: seconds since the epoch; None where no file says when.
    """

    name: str
    folder: str
    machines: int
    revisions: int
    benchmarks: int
    last_run: float | None


@dataclass(frozen=True, slots=True)
class MachineSummary:
    """A machine of a subject's history.

    Args:
        environments: asv's names of them, sorted.
        revisions: how many it has results of.
        last_run: seconds since the epoch; None where no file says when.
    """

    machine: Machine
    environments: tuple[str, ...]
    revisions: int
    last_run: float | None


@dataclass(frozen=True, slots=True)
class IndexedRevision:
    """A commit that has results.

    Args:
        position: 0 for the oldest; the order of the repository where there is one, else of dates.
        name: the word a person would use; ten digits of the hash where there is no better one.
        date: of the commit, seconds since the epoch; None where nobody tells.
        title: first line of the commit message; empty where the repository is not at hand.
        page: its address on the forge that the repository was cloned from; empty where there is none.
    """

    commit: str
    position: int
    name: str
    date: int | None
    title: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class BenchmarkSummary:
    """One benchmark as asv names it.

    Args:
        param_names: `param1` … where nobody tells.
        series: how many there are of it: machines × environments × cases; where parameters changed
            between commits, cases that both have count twice.
        version: the current one; series of other versions are kept apart.
        better: `less`, as asv assumes of every benchmark.
    """

    name: str
    unit: str
    param_names: tuple[str, ...]
    series: int
    version: str = ""
    better: str = "less"


@dataclass(frozen=True, slots=True)
class BenchmarkQuery:
    """Asks for series of one benchmark.

    Args:
        machines: by name; all where there are none.
        where: values that parameters must have, by name.
        version: of the benchmark; the current one where it is empty.
    """

    subject: str
    benchmark: str
    machines: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """Names one series."""

    subject: str
    machine: str
    environment: str
    benchmark: str
    params: Params = ()
    version: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A case over commits, oldest first. All columns have the length of `revisions`.

    Args:
        values: in `unit`; NaN where `states` says why there is none.
        low: lower ends of the intervals; NaN where there is none.
        high: their upper ends.
        states: of `pagewalk.index.states.STATES`, one a revision; `ok` where there is a value.
        interval: what low and high are: `ci99`, `quartiles`, `samples` (least and greatest), or empty.
        provenance: of the newest value; None where nobody recorded it.
    """

    key: SeriesKey
    unit: str
    revisions: tuple[IndexedRevision, ...]
    values: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    states: tuple[str, ...]
    interval: str = ""
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class CrashRow:
    """Executions of a case that did not end well, alike, at one commit on one machine.

    Args:
        outcome: of `pagewalk.model.Outcome`.
        fingerprint: 12 hexadecimal digits, the same for crashes that look the same.
        fault_address: as `0x10`; empty where nobody told.
        crash: all that is known of the last one.
        count: how many executions.
        taken: when the last one ended, seconds since the epoch.
    """

    subject: str
    machine: str
    revision: IndexedRevision
    benchmark: str
    params: Params
    outcome: str
    signal: str
    exit_status: int | None
    fault_address: str
    fingerprint: str
    crash: Crash
    count: int
    taken: float

    @property
    def last_output(self) -> tuple[str, ...]:
        return self.crash.last_output


@dataclass(frozen=True, slots=True)
class OutcomeCell:
    """How many values of one commit on one machine are in which state."""

    commit: str
    machine: str
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """What could not be read, and why."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Regression:
    """A benchmark whose level got worse at one commit and is so still.

    Args:
        first: the first commit of the new level.
        severity: |log2(after / before)| where it got worse most; infinite where the level before was 0.
        machines: where it shows, the one that suffers most first.
        series: how many series of the benchmark got worse there.
    """

    benchmark: str
    first: IndexedRevision
    severity: float
    machines: tuple[str, ...]
    series: int


@dataclass(frozen=True, slots=True)
class WorstSeries:
    """The series in which a benchmark got worse most.

    Args:
        last_good: the last commit of the level before.
        before: that level, in `unit`.
        after: the level from the regression's first commit on.
    """

    key: SeriesKey
    unit: str
    last_good: IndexedRevision
    before: float
    after: float
