"""From series to changes."""

from collections.abc import Sequence

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
    return control(found, len(series), limits.alpha)


def changes_of(series: HistorySeries, limits: Limits | None = None) -> list[Change]:
    """Return the candidate changes of one series, in order of commits; `control` decides.

    Pure and independent of all other series: may run in any process, and again for one series
    that has grown.
    """
    limits = limits or Limits()
    values, kept = series.measured()
    places = kept.tolist()
    steps = (
        _change(series, step, Place(places[step.at - 1], places[step.at]))
        for step in steps_of(series, values, limits)
    )
    return [*with_states(list(steps)), *with_states(endings_of(series))]


def _change(series: HistorySeries, step: Step, place: Place) -> Change:
    worse = (step.size.after > step.size.before) is series.less_is_better
    return Change(series.name, place, Kind.REGRESSED if worse else Kind.IMPROVED, step.p, step.size)
