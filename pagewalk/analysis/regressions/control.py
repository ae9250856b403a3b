"""Which changes are told, of all that thousands of series show."""

from collections.abc import Iterable
from dataclasses import replace

from pagewalk.analysis.false_discovery import benjamini_hochberg
from pagewalk.analysis.regressions.change import Change
from pagewalk.analysis.regressions.series import SeriesName


def control(changes: Iterable[Change], series: int, alpha: float = 0.05) -> list[Change]:
    """Return the changes that hold among `series` series, with q, the worst first.

    Series are selected by Benjamini and Hochberg's procedure on the least p of each: p pays for the
    search through the whole series, so the least is itself a p-value for "nothing ever changed
    here". Within a selected series a change is kept at the level the selection reached, R / m · alpha
    (Benjamini and Bogomolov, JRSS B 76, 2014): of the series that are told, at most the share alpha
    is expected to be wrong, however many changes each of them shows. What was not tested (p = 0: exact
    counts, how executions ended) is told, and takes no part in the selection. Metrics of one machine move
    together, which is the positive dependence the procedure allows; the bound for any dependence
    (Benjamini and Yekutieli 2001) would cost a factor of ln m for nothing.

    Args:
        changes: candidates, from `changes_of`.
        series: how many series were looked at, those without a candidate too; see `looked_at`.

    Raises:
        ValueError: fewer series than there are names among the tested of `changes`.
    """
    candidates = list(changes)
    least: dict[SeriesName, float] = {}
    for change in candidates:
        if change.p > 0:  # what needs no test must not make what does look surer
            least[change.series] = min(least.get(change.series, 1.0), change.p)
    if series < len(least):
        raise ValueError(f"changes of {len(least)} series, but only {series} are said to have been looked at")
    rest = series - len(least)
    q_values = dict(zip(least, benjamini_hochberg([*least.values(), *[1.0] * rest]), strict=False))
    selected = sum(q <= alpha for q in q_values.values())
    level = alpha * selected / max(1, series)
    told = (replace(c, q=q_values[c.series] if c.p > 0 else 0.0) for c in candidates if c.p <= level)
    return sorted(told, key=lambda c: (not c.bad, -c.severity, c.series, c.place))
