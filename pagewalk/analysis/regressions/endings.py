"""How executions ended, over commits: what broke, and what was mended."""

from collections.abc import Sequence
from itertools import pairwise

from pagewalk.analysis.regressions.change import Change, Kind, Place
from pagewalk.analysis.regressions.series import HistorySeries
from pagewalk.model import Outcome

UNTOLD = (None, Outcome.UNSUPPORTED, Outcome.BUILD_FAILED)
"""Says nothing of the benchmark: not executed, not for this machine, or nothing to execute."""

FLAKY = 6
"""From this many turns on, executions end by chance, and no commit is to blame for any one of them."""


def endings_of(series: HistorySeries) -> list[Change]:
    """Return where executions began to end badly, and where they ended well again.

    What ends badly in turns is one change that came back, from the first bad commit on.
    """
    told = [(i, outcome) for i, outcome in enumerate(series.outcomes) if outcome not in UNTOLD]
    turns = [
        _change(series, Place(before, at), was, now)
        for (before, was), (at, now) in pairwise(told)
        if _good(was) is not _good(now)
    ]
    return _calm(turns)


def _change(series: HistorySeries, place: Place, was: Outcome | None, now: Outcome | None) -> Change:
    broken = _good(was)
    return Change(
        series.name, place, Kind.BROKEN if broken else Kind.FIXED, p=0.0, ending=str(now if broken else was)
    )


def _good(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.good


def _calm(turns: Sequence[Change]) -> list[Change]:
    if len(turns) < FLAKY:
        return list(turns)
    first = next(i for i, turn in enumerate(turns) if turn.kind is Kind.BROKEN)
    return list(turns[first : first + 3])
