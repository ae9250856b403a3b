"""What the history page shows: an address, answered from the index."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.data.benchmarks import join, workloads_of
from dashboard.data.catalogue import Catalogue
from dashboard.data.lines import Level, Line, case_params_text, params_text, scale_of
from dashboard.data.query import Query
from dashboard.looks.states import is_silent, silent_text
from dashboard.looks.strokes import MOST
from pagewalk.analysis.regressions import SeriesName
from pagewalk.errors import PagewalkError
from pagewalk.index.answering.model import IndexedRevision, Series

FIELDS = (
    "subject",
    "benchmark",
    "metric",
    "machine",
    "params",
    "layout",
    "scale",
    "from",
    "to",
    "commit",
)
"""What an address of the page may ask."""

LAYOUTS = {"machines": "a picture a machine", "params": "a picture a parameter", "one": "all in one picture"}
RELATIVE = "relative"


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """One benchmark over the commits of one subject.

    Args:
        workloads: the metrics of every workload of the subject.
        metric: empty for a benchmark of another project.
        series: those of the benchmark that pass the filters and have something to draw.
        lines: those that are shown.
        revisions: of the window, oldest first.
        total: how many commits the subject has.
        silent: says on which machines there is nothing to draw; empty where there is something on all.
    """

    subject: str
    workloads: dict[str, tuple[str, ...]]
    workload: str
    metric: str
    series: tuple[Series, ...]
    lines: tuple[Line, ...]
    revisions: tuple[IndexedRevision, ...]
    total: int
    silent: str = ""

    @property
    def benchmark(self) -> str:
        return join(self.workload, self.metric)

    @property
    def left_out(self) -> int:
        """How many series that pass the filters are one too many for a picture."""
        return max(0, len(self.series) - len(self.lines))


def trend(catalogue: Catalogue, query: Query) -> Trend:
    """Answer a query.

    Raises:
        PagewalkError: there is no such subject or benchmark, or nothing is indexed.
    """
    subject = chosen(query.one("subject"), catalogue.subjects(), "subject")
    workloads = workloads_of(catalogue.benchmarks(subject))
    workload = chosen(query.one("benchmark"), list(workloads), "benchmark")
    metric = metric_of(catalogue, subject, workload, workloads[workload], query.one("metric"))
    series = catalogue.series(subject, join(workload, metric))
    filtered = [s for s in series if _passes(s, query)]
    wanted = [s for s in filtered if not is_silent(s)]
    revisions = catalogue.revisions(subject)
    window = window_of(revisions, query)
    fair = _fair(wanted)
    levels = catalogue.levels(fair)
    lines = tuple(_line(s, query, window, series, within) for s, within in zip(fair, levels, strict=True))
    shown = tuple(r for r in revisions if window[0] <= r.position < window[1])
    left_out = silent_text(filtered)
    return Trend(subject, workloads, workload, metric, tuple(wanted), lines, shown, len(revisions), left_out)


def history_link(subject: str, series: SeriesName, commit: str = "") -> str:
    """Return the address of one series over commits, a commit of it open where one is given."""
    params = case_params_text(series.case.params)
    asked = {"subject": subject, "benchmark": series.case.benchmark, "metric": series.metric}
    query = Query(FIELDS).but(**asked, machine=series.machine, params=params, commit=commit[:12])
    return f"/history{query.write()}"


def metric_of(catalogue: Catalogue, subject: str, workload: str, metrics: Sequence[str], asked: str) -> str:
    """Return the metric that was asked for, else the first one that has a value anywhere."""
    if asked in metrics:
        return asked
    for metric in metrics:
        if any(np.isfinite(s.values).any() for s in catalogue.series(subject, join(workload, metric))):
            return metric
    return metrics[0]


def chosen(asked: str, known: Sequence[str], what: str) -> str:
    """Return what was asked, or the first there is where nothing was.

    Raises:
        PagewalkError: there is no such thing.
    """
    if not known:
        raise PagewalkError(f"There is no {what} yet.", "Type `make demo`, or `pagewalk compare BASE HEAD`.")
    if asked and asked not in known:
        some = ", ".join(known[:8])
        raise PagewalkError(f"There is no {what} “{asked}”.", f"There is: {some}{' …' * (len(known) > 8)}")
    return asked or known[0]


def window_of(revisions: Sequence[IndexedRevision], query: Query) -> tuple[int, int]:
    """Return the half-open range of positions that the address names by its first and last commit."""
    places = {r.commit[:12]: r.position for r in revisions}
    last = revisions[-1].position if revisions else -1
    low = places.get(query.one("from")[:12], 0)
    high = places.get(query.one("to")[:12], last)
    return (low, high + 1) if low <= high else (0, last + 1)


def _passes(series: Series, query: Query) -> bool:
    machines, params = query.many("machine"), query.many("params")
    return (not machines or series.key.machine in machines) and (
        not params or params_text(series.key) in params
    )


def _fair(series: Sequence[Series]) -> list[Series]:
    """Return as many as fit one picture, of every machine equally many."""
    if len(series) <= MOST:
        return list(series)
    machines = {s.key.machine for s in series}
    share = max(1, MOST // len(machines))
    taken: dict[str, int] = {}
    kept = []
    for one in series:
        taken[one.key.machine] = taken.get(one.key.machine, 0) + 1
        if taken[one.key.machine] <= share:
            kept.append(one)
    return kept[:MOST]


def _line(
    series: Series,
    query: Query,
    window: tuple[int, int],
    family: Sequence[Series],
    levels: tuple[Level, ...],
) -> Line:
    machine, params = machine_label(series, family), params_text(series.key)
    label, panel = {
        "params": (machine, params),
        "one": (f"{machine} · {params}" if params else machine, ""),
    }.get(query.one("layout"), (params, machine))
    scale = scale_of(levels) if query.one("scale") == RELATIVE else 1.0
    return Line(label, panel, series, levels, scale, window)


def machine_label(series: Series, family: Sequence[Series]) -> str:
    """Return the machine, with its environment and version where the family has several of them."""
    alike = [s.key for s in family if s.key.machine == series.key.machine]
    parts = [series.key.machine]
    if len({key.environment for key in alike}) > 1:
        parts.append(series.key.environment)
    if len({key.version for key in alike}) > 1:
        parts.append(f"version {series.key.version[:8]}")
    return " · ".join(parts)
