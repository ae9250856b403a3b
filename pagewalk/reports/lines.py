"""Rows of one case and metric, gathered over the machines: what a table shows in one line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pagewalk.analysis.comparison import MetricRow
from pagewalk.analysis.verdict import Verdict
from pagewalk.metrics import METRICS
from pagewalk.model import Case, Machine
from pagewalk.reports.wording import count_of, family_of


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of one case, with its row on each machine; None where there is none."""

    case: Case
    metric: str
    cells: tuple[MetricRow | None, ...]

    @property
    def telling(self) -> bool:
        """Whether anything but `same` was found on any machine."""
        return any(cell is not None and cell.verdict not in {Verdict.SAME, None} for cell in self.cells)


def families(rows: Sequence[MetricRow]) -> Iterator[tuple[str, list[MetricRow]]]:
    """Yield the rows of each suite, in the order of the suites as first met."""
    found: dict[str, list[MetricRow]] = {}
    for row in rows:
        found.setdefault(family_of(row), []).append(row)
    yield from found.items()


def lines_of(rows: Sequence[MetricRow], machines: Sequence[Machine]) -> list[Line]:
    """Gather the rows of one case and metric; in the order of the cases, as first met."""
    by_place = {(row.case, row.metric, row.machine): row for row in rows}
    cases: dict[Case, dict[str, None]] = {}
    for row in rows:
        cases.setdefault(row.case, {})[row.metric] = None
    order = {name: place for place, name in enumerate(METRICS)}
    return [
        Line(case, metric, tuple(by_place.get((case, metric, machine.name)) for machine in machines))
        for case, metrics in cases.items()
        for metric in sorted(metrics, key=lambda name: order.get(name, len(order)))
    ]


def left_out(lines: Sequence[Line], *, some: bool) -> str:
    """Say what is not shown, so that silence is mistaken neither for absence nor for `same`.

    Args:
        some: whether other lines of the suite are shown.
    """
    same = sum(any(cell and cell.verdict is Verdict.SAME for cell in line.cells) for line in lines)
    parts = []
    if same:
        rows = count_of(same, "more row" if some else "row")
        parts.append(f"{rows} ~ same wherever compared")
    if len(lines) > same:
        parts.append(f"{count_of(len(lines) - same, 'row')} with nothing to compare")
    return "; ".join(parts)
