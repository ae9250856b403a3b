"""What the curve page shows: a metric against a parameter, before and after, on every machine."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from dashboard.data.benchmarks import join, workloads_of
from dashboard.data.capacities import Capacity, capacities, step_of
from dashboard.data.catalogue import Catalogue
from dashboard.data.query import Query
from dashboard.data.trend import chosen, machine_label, metric_of
from dashboard.looks.states import is_silent, silent_text
from pagewalk.errors import PagewalkError, UnknownRevision
from pagewalk.index.answering.model import IndexedRevision, Series, SeriesKey
from pagewalk.index.states import OK
from pagewalk.reports.wording import printable

FIELDS = ("subject", "benchmark", "metric", "parameter", "base", "head", "machine", "other", "axis")
"""What an address of the page may ask."""


@dataclass(frozen=True, slots=True)
class Point:
    """One case. `low` and `high` are NaN where there is no interval; `value`, where `state` says why."""

    x: float
    value: float
    low: float
    high: float
    state: str


@dataclass(frozen=True, slots=True)
class Side:
    """One revision of one line."""

    side: str
    revision: IndexedRevision
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Arc:
    """One machine with one choice of the other parameters.

    Args:
        label: the other parameters; empty where there are none.
        sides: base and head, as far as they have values.
    """

    machine: str
    label: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A metric against a parameter.

    Args:
        parameters: those that are numbers, of which one is the x axis.
        others: all choices of the other parameters there are.
        marks: by machine, what its TLBs and caches hold, where that is an x.
        silent: says on which machines there is nothing to draw; empty where there is something on all.
    """

    subject: str
    workloads: dict[str, tuple[str, ...]]
    workload: str
    metric: str
    unit: str
    parameter: str
    parameters: tuple[str, ...]
    revisions: tuple[IndexedRevision, ...]
    base: IndexedRevision | None
    head: IndexedRevision
    machines: tuple[str, ...]
    others: tuple[str, ...]
    arcs: tuple[Arc, ...]
    marks: dict[str, tuple[tuple[float, Capacity], ...]]
    silent: str = ""

    @property
    def benchmark(self) -> str:
        return join(self.workload, self.metric)


def curve(catalogue: Catalogue, query: Query) -> Curve:
    """Answer a query.

    Raises:
        PagewalkError: there is no such thing, or no parameter that is a number.
    """
    subject = chosen(query.one("subject"), catalogue.subjects(), "subject")
    workloads = workloads_of(catalogue.benchmarks(subject))
    workload = chosen(
        query.one("benchmark") or _sweeping(catalogue, subject, workloads), list(workloads), "benchmark"
    )
    metric = metric_of(catalogue, subject, workload, workloads[workload], query.one("metric"))
    family = catalogue.series(subject, join(workload, metric))
    parameters = numeric_parameters([series.key for series in family])
    parameter = chosen(query.one("parameter"), parameters, "parameter that is a number")
    revisions = _with_values(family)
    head = find(revisions, query.one("head")) if query.one("head") else revisions[-1]
    base = find(revisions, query.one("base")) if query.one("base") else _before(revisions, head)
    machines, others = query.many("machine"), query.many("other")
    filtered = [
        s
        for s in family
        if (not machines or s.key.machine in machines)
        and (not others or other_text(s.key, parameter) in others)
    ]
    wanted = [s for s in filtered if not is_silent(s)]
    labels = {id(s): machine_label(s, family) for s in wanted}
    return Curve(
        subject=subject,
        workloads=workloads,
        workload=workload,
        metric=metric,
        unit=family[0].unit,
        parameter=parameter,
        parameters=tuple(parameters),
        revisions=revisions,
        base=base,
        head=head,
        machines=tuple(dict.fromkeys(s.key.machine for s in family)),
        others=tuple(dict.fromkeys(other_text(s.key, parameter) for s in family)),
        arcs=tuple(_arcs(wanted, parameter, base, head, labels)),
        marks={labels[id(s)]: _marks(s, parameter) for s in wanted},
        silent=silent_text(filtered),
    )


def numeric_parameters(keys: Sequence[SeriesKey]) -> list[str]:
    """Return the parameters that have at least two values, all of them numbers."""
    values: dict[str, set[str]] = {}
    for key in keys:
        for name, value in key.params:
            values.setdefault(name, set()).add(value)
    return [
        name
        for name, found in values.items()
        if len(found) > 1 and all(_number(value) is not None for value in found)
    ]


def other_text(key: SeriesKey, parameter: str) -> str:
    """Return "huge=1": all parameters but one."""
    rest = [f"{name}={value.strip(chr(39))}" for name, value in key.params if name != parameter]
    return printable(", ".join(rest))


def find(revisions: Sequence[IndexedRevision], text: str) -> IndexedRevision:
    """Return the revision that a name or the beginning of a commit means.

    Raises:
        UnknownRevision: there is none.
    """
    for revision in reversed(revisions):
        if text == revision.name or (len(text) >= 6 and revision.commit.startswith(text)):
            return revision
    raise UnknownRevision(f"No revision “{text}” has values of this benchmark.", "Choose one of the list.")


def _number(text: str) -> float | None:
    try:
        value = float(text.strip("'"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _sweeping(catalogue: Catalogue, subject: str, workloads: dict[str, tuple[str, ...]]) -> str:
    """Return the first workload that has a curve at all."""
    for workload, metrics in list(workloads.items())[:50]:
        keys = [s.key for s in catalogue.series(subject, join(workload, metrics[0]))]
        if numeric_parameters(keys):
            return workload
    return ""


def _with_values(family: Sequence[Series]) -> tuple[IndexedRevision, ...]:
    bare: dict[int, Sequence[int]] = {}
    for series in family:  # those of one machine have the same commits
        places = bare.get(id(series.revisions), range(len(series.revisions)))
        # After the first series few are left to be looked at
        bare[id(series.revisions)] = [place for place in places if series.states[place] != OK]
    known = {id(series.revisions): series.revisions for series in family}
    found: dict[str, IndexedRevision] = {}
    for of, revisions in known.items():
        without = set(bare[of])
        found |= {r.commit: r for place, r in enumerate(revisions) if place not in without}
    if not found:
        raise PagewalkError(
            "Nothing has a value of this metric.", "Choose another metric, or another benchmark."
        )
    return tuple(sorted(found.values(), key=lambda revision: revision.position))


def _before(revisions: Sequence[IndexedRevision], head: IndexedRevision) -> IndexedRevision | None:
    return next((r for r in reversed(revisions) if r.position < head.position), None)


def _arcs(
    wanted: Sequence[Series],
    parameter: str,
    base: IndexedRevision | None,
    head: IndexedRevision,
    labels: dict[int, str],
) -> list[Arc]:
    def place(series: Series) -> tuple[str, str]:
        return labels[id(series)], other_text(series.key, parameter)

    arcs = []
    for (machine, label), members in groupby(sorted(wanted, key=place), key=place):
        cases = list(members)
        sides = [_side(name, at, cases, parameter) for name, at in (("base", base), ("head", head)) if at]
        arcs.append(Arc(machine, label, tuple(side for side in sides if side.points)))
    return arcs


def _side(name: str, at: IndexedRevision, cases: Sequence[Series], parameter: str) -> Side:
    points = []
    places: dict[int, int | None] = {}
    for series in cases:
        of = id(series.revisions)
        if of not in places:
            places[of] = next((n for n, r in enumerate(series.revisions) if r.commit == at.commit), None)
        place = places[of]
        x = _number(dict(series.key.params)[parameter])
        if place is not None and x is not None:
            value, low, high = (float(c[place]) for c in (series.values, series.low, series.high))
            points.append(Point(x, value, low, high, series.states[place]))
    return Side(name, at, tuple(sorted(points, key=lambda point: point.x)))


def _marks(series: Series, parameter: str) -> tuple[tuple[float, Capacity], ...]:
    step = step_of(parameter)
    if step is None or not np.isfinite(series.values).any():
        return ()
    return tuple((capacity.size / step, capacity) for capacity in capacities(series.provenance))
