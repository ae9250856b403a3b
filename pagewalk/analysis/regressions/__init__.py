"""What lasting changes a whole history shows, at which commits, and how sure that is.

`changes_of` looks at one series and may run in any process; `control` then decides over all series
together which changes are told. `find_changes` does both. docs/regressions.md says it in prose.
"""

from pagewalk.analysis.regressions.change import Change, Kind, Limits, Place, Size, State, severity
from pagewalk.analysis.regressions.control import control
from pagewalk.analysis.regressions.finding import changes_of, find_changes, looked_at
from pagewalk.analysis.regressions.series import LEAST, HistorySeries, SeriesName
from pagewalk.analysis.regressions.together import moved_together

__all__ = [
    "LEAST",
    "Change",
    "HistorySeries",
    "Kind",
    "Limits",
    "Place",
    "SeriesName",
    "Size",
    "State",
    "changes_of",
    "control",
    "find_changes",
    "looked_at",
    "moved_together",
    "severity",
]
