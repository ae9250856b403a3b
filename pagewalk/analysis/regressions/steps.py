"""The steps of one series that are large enough to be told."""

from dataclasses import dataclass

from pagewalk.analysis.changepoints import detect
from pagewalk.analysis.regressions.change import Limits, Size
from pagewalk.analysis.regressions.evidence import searched_p
from pagewalk.analysis.regressions.levels import apart, runs, size_of
from pagewalk.analysis.regressions.series import Floats, HistorySeries


@dataclass(frozen=True, slots=True)
class Step:
    """From [start, at) to [at, stop), indices into what was measured."""

    start: int
    at: int
    stop: int
    size: Size
    p: float


def steps_of(series: HistorySeries, values: Floats, limits: Limits) -> list[Step]:
    """Return the steps among the measured `values` (n,) of a series, in order.

    The least step that is too small joins its two levels, and those are measured anew: of three
    steps of 1 % the sum is told once it is large enough.
    """
    exact, least = series.exact, _threshold(series, limits)
    starts = runs(values, least, series.absolute) if exact else detect(values)
    while starts:
        edges = [0, *starts, values.size]
        found = list(zip(edges, edges[1:], edges[2:], strict=False))
        sizes = [size_of(values[a:b], values[b:c], limits.alpha) for a, b, c in found]
        least_at = min(range(len(sizes)), key=lambda i: _size_told(sizes[i], series))
        if _size_told(sizes[least_at], series) > least:
            ps = [0.0 if exact else searched_p(values, *triple) for triple in found]
            return [Step(*triple, size, p) for triple, size, p in zip(found, sizes, ps, strict=True)]
        starts = [start for i, start in enumerate(starts) if i != least_at]
    return []


def _threshold(series: HistorySeries, limits: Limits) -> float:
    return max(limits.exact_tolerance if series.exact else limits.threshold, series.floor)


def _size_told(size: Size, series: HistorySeries) -> float:
    return 0.0 if abs(size.after - size.before) <= series.absolute else apart(size)
