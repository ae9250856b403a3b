"""From series to changes."""

from collections.abc import Iterable, Sequence

from pagewalk.analysis.regressions.change import Change, Kind, Limits, Place
from pagewalk.analysis.regressions.control import control
from pagewalk.analysis.regressions.endings import endings_of
from pagewalk.analysis.regressions.series import HistorySeries
from pagewalk.analysis.regressions.state import with_states
from pagewalk.analysis.regressions.steps import Step, steps_of


def find_changes(series: Sequence[HistorySeries], limits: Limits | None = None) -> list[Change]:
    """Return the changes of all series that are told, the most severe first."""
    limits = limits or Limits()
    found = (change for one in series for change in changes_of(one, limits))
    return control(found, looked_at(series), limits.alpha)


def looked_at(series: Iterable[HistorySeries]) -> int:
    """Return among how many series `control` has to decide: those that are long enough to show a level."""
    return sum(one.long_enough for one in series)


def changes_of(series: HistorySeries, limits: Limits | None = None) -> list[Change]:
    """Return the candidate changes of one series, in order of commits; `control` decides.

    Pure and independent of all other series: may run in any process, and again for one series
    that has grown.
    """
    return [*with_states(_steps(series, limits or Limits())), *with_states(endings_of(series))]


def _steps(series: HistorySeries, limits: Limits) -> list[Change]:
    if not series.long_enough:
        return []
    values, kept = series.measured()
    places = kept.tolist()
    return [
        _change(series, step, Place(places[step.at - 1], places[step.at]))
        for step in steps_of(series, values, limits)
    ]


def _change(series: HistorySeries, step: Step, place: Place) -> Change:
    worse = (step.size.after > step.size.before) is series.less_is_better
    return Change(series.name, place, Kind.REGRESSED if worse else Kind.IMPROVED, step.p, step.size)
