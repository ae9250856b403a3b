"""Where the numbers of a comparison come from, and why those that are missing are missing."""

from collections.abc import Iterator
from dataclasses import dataclass

from pagewalk.analysis.comparison import Comparison, MetricRow
from pagewalk.model import Machine, Provenance, Values
from pagewalk.reports.wording import count_of, printable, titles


@dataclass(frozen=True, slots=True)
class Source:
    """How one machine obtained some of its metrics.

    Args:
        how: origin and precision, as "simulated, exact".
        metrics: titles and sources, as "page faults by perf_event_open page-faults".
    """

    how: str
    metrics: str


@dataclass(frozen=True, slots=True)
class Absence:
    """One reason, once, for everything that is missing because of it."""

    reason: str
    where: str


def sources(comparison: Comparison, machine: Machine) -> list[Source]:
    """Return how a machine obtained its numbers, most trustworthy first as they occur."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in comparison.metrics:
        for provenance in _provenances(row) if row.machine == machine.name else ():
            by_source = found.setdefault(_how(provenance), {})
            metrics = by_source.setdefault(provenance.source, [])
            if row.metric not in metrics:
                metrics.append(row.metric)
    return [Source(how, "; ".join(_by(by_source))) for how, by_source in found.items()]


def _provenances(row: MetricRow) -> Iterator[Provenance]:
    sides: tuple[Values, Values] = (row.base, row.head)
    yield from (v.provenance for v in sides if v.provenance is not None and v.samples)


def _how(provenance: Provenance) -> str:
    shared = f", estimated: counted {provenance.share:.0%} of the time" if provenance.share < 1 else ""
    return f"{provenance.origin}, {provenance.precision}{shared}"


def _by(by_source: dict[str, list[str]]) -> Iterator[str]:
    for source, metrics in by_source.items():
        yield f"{titles(metrics)} by {printable(source)}" if source else titles(metrics)


def absences(comparison: Comparison) -> list[Absence]:
    """Return each reason for a missing comparison once, with where it holds."""
    found: dict[str, list[MetricRow]] = {}
    for row in comparison.metrics:
        if row.verdict is None:
            found.setdefault(row.evidence, []).append(row)
    return [Absence(printable(reason), _where(comparison, rows)) for reason, rows in found.items()]


def _where(comparison: Comparison, rows: list[MetricRow]) -> str:
    metrics = titles(dict.fromkeys(row.metric for row in rows))
    concerned = {row.machine for row in rows}
    machines = [machine.name for machine in comparison.machines if machine.name in concerned]
    everywhere = len(machines) == len(comparison.machines) > 1
    place = "all machines" if everywhere else printable(", ".join(machines))
    return f"{metrics} on {place} ({count_of(len(rows), 'row')})"
