"""Rows of the comparison: one metric of one case, or how the case ended, over all machines."""

import math
from collections.abc import Mapping, Sequence, Set
from itertools import count
from typing import NamedTuple

from dashboard.data.address import View
from dashboard.looks.verdicts import LOOKS, PROMINENCE
from pagewalk.analysis.comparison import Comparison, MetricRow, OutcomeRow
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Case, Values
from pagewalk.named import named
from pagewalk.reports.wording import is_worth_telling, worth_telling
from pagewalk.units import title_of_metric

OUTCOME = "outcome"
"""Stands where a metric's name stands, in rows that say how a case ended."""


Cells = Mapping[tuple[Case, str], Mapping[str, MetricRow | OutcomeRow]]
"""What is said of a metric of a case, by machine name."""


class Row(NamedTuple):
    """What one line of the table shows.

    Args:
        id: names the row in addresses, the same in every comparison.
        metric: a metric's name, or `OUTCOME`.
        cells: by machine name; only machines that say anything about it.
    """

    id: str
    case: Case
    metric: str
    cells: Mapping[str, MetricRow | OutcomeRow]

    @property
    def title(self) -> str:
        return OUTCOME if self.is_outcome else title_of_metric(self.metric)

    @property
    def is_outcome(self) -> bool:
        return self.metric == OUTCOME

    @property
    def verdict(self) -> Verdict | None:
        """The most prominent verdict of any machine."""
        return max([cell.verdict for cell in self.cells.values()], key=PROMINENCE.__getitem__)


def all_rows(comparison: Comparison) -> list[Row]:
    """Return every row there is: endings worth telling first, then by verdict, the largest change first."""
    cells: dict[tuple[Case, str], dict[str, MetricRow | OutcomeRow]] = {}
    for outcome in worth_telling(comparison):
        cells.setdefault((outcome.case, OUTCOME), {})[outcome.machine] = outcome
    for metric in comparison.metrics:
        cells.setdefault((metric.case, metric.metric), {})[metric.machine] = metric
    ids = [f"{case}|{metric}" for case, metric in cells]
    rows = named(Row, ids, [case for case, _ in cells], [metric for _, metric in cells], cells.values())
    # The place settles what nothing else does, as a stable sort would
    urgent = sorted(zip(*_urgency(cells), ids, count(), rows, strict=False))
    return [found[-1] for found in urgent]


def shown_rows(rows: Sequence[Row], view: View) -> list[Row]:
    """Return the rows that the view lets through; a row stays whole if any shown machine lets it through."""
    machines = frozenset(view.machines)
    wanted = (_narrow(row, machines) for row in rows) if machines else rows
    words = view.text.casefold().split()
    return [row for row in wanted if row.cells and _passes(row, view, words)]


def find_row(rows: Sequence[Row], identity: str) -> Row | None:
    """Return the row of that identity, on every machine."""
    return next((row for row in rows if row.id == identity), None)


def size_of(cell: MetricRow | OutcomeRow) -> float:
    """Return how large a change is, the same up and down: |log ratio|; 0 where there is none."""
    if isinstance(cell, OutcomeRow) or cell.effect is None:
        return 0.0
    ratio = cell.effect.ratio
    return abs(math.log(ratio)) if 0 < ratio < math.inf else math.inf


def percent_of(cell: MetricRow) -> float | None:
    """Return the change in per cent: what a person types into the column's filter. JSON has no infinity."""
    if cell.effect is None:
        return None
    return (cell.effect.ratio - 1) * 100 if math.isfinite(size_of(cell)) or cell.effect.ratio == 0 else 1e12


def better_known(cell: MetricRow) -> Values:
    """Return the side whose source stands for both: head, unless it has no samples."""
    return cell.head if cell.head.samples else cell.base


def metrics_of(comparison: Comparison) -> list[str]:
    """Return the metrics that the comparison says anything about, outcomes first."""
    found = dict.fromkeys(row.metric for row in comparison.metrics)
    return [OUTCOME, *found] if is_worth_telling(comparison) else list(found)


def _urgency(cells: Cells) -> tuple[list[bool], list[int], list[float]]:
    """Return by column what the order of rows follows from: is it a number, verdict, size of change."""
    prominent, sizes = [], []
    for found in cells.values():
        several = found.values()
        prominent.append(-max([PROMINENCE[cell.verdict] for cell in several]))
        sizes.append(-max(map(size_of, several)))
    return [metric != OUTCOME for _, metric in cells], prominent, sizes


def _narrow(row: Row, machines: Set[str]) -> Row:
    return row._replace(cells={name: cell for name, cell in row.cells.items() if name in machines})


def _passes(row: Row, view: View, words: Sequence[str]) -> bool:
    return (
        (not view.metrics or row.metric in view.metrics)
        and (
            not view.verdicts or any(LOOKS[cell.verdict].key in view.verdicts for cell in row.cells.values())
        )
        and (not words or _contains(str(row.case).casefold(), words))
    )


def _contains(name: str, words: Sequence[str]) -> bool:
    return all(word in name for word in words)
