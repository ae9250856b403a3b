"""Lasting changes of all series of a subject, found in the background: pages show what is known by now."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

import numpy as np

from dashboard.benchmarks import split
from pagewalk.analysis.regressions import Change, HistorySeries, SeriesName, changes_of, control
from pagewalk.index.model import ChangeRow, Series
from pagewalk.model import Case, Precision

Changes = tuple[ChangeRow, ...]
_FEW = 5
"""Values that a series needs before anything can be said of it."""


class Search:
    """Searches one subject after the other, each once per version of the index."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="changes")
        self._lock = Lock()
        self._futures: dict[str, tuple[int, Future[Changes]]] = {}

    def ask(
        self, version: int, subject: str, read: Callable[[], Sequence[Series]], patience: float = 0.4
    ) -> Changes | None:
        """Return the changes of a subject; None while they are being searched for.

        Args:
            read: returns the subject's series; called in the background.
            patience: seconds to wait for them.
        """
        with self._lock:
            known = self._futures.get(subject)
            if known is None or (known[0] != version and known[1].done()):
                known = (version, self._pool.submit(lambda: find(read())))
                self._futures[subject] = known
        try:
            return known[1].result(timeout=patience)
        except TimeoutError:
            return None


def find(found: Sequence[Series]) -> Changes:
    """Return the lasting changes of series, by the rule of `pagewalk regressions`, the most severe first."""
    by_name = {name_of(series): series for series in found if np.isfinite(series.values).sum() >= _FEW}
    candidates: list[Change] = []
    for name, series in by_name.items():
        exact = series.provenance is not None and series.provenance.precision is Precision.EXACT
        candidates += changes_of(HistorySeries(name, series.values.tolist(), exact=exact))
    told = [change for change in control(candidates, len(by_name)) if change.size is not None]
    return tuple(_rows(told, by_name))


def name_of(series: Series) -> SeriesName:
    """Return what the analysis calls a series; environment and version tell its twins apart."""
    workload, metric = split(series.key.benchmark)
    where = (("environment", series.key.environment), ("version", series.key.version))
    return SeriesName(series.key.machine, Case(workload, (*series.key.params, *where)), metric)


def _rows(told: Sequence[Change], by_name: dict[SeriesName, Series]) -> Iterator[ChangeRow]:
    moved: dict[str, int] = {}
    for change in told:
        first = by_name[change.series].revisions[change.place.at].commit
        moved[first] = moved.get(first, 0) + 1
    for change in told:
        series, size = by_name[change.series], change.size
        if size is None:
            continue
        last_good, first_bad = (series.revisions[n] for n in (change.place.after, change.place.at))
        yield ChangeRow(
            series.key,
            series.unit,
            last_good,
            first_bad,
            size.before,
            size.after,
            change.p,
            size.severity,
            moved[first_bad.commit] - 1,
        )
