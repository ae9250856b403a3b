"""All that a look at a history found: what a report of it is made of."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from pagewalk.analysis.regressions.change import Change, Kind, Limits, Place
from pagewalk.analysis.regressions.series import SeriesName
from pagewalk.model import Machine, Revision


@dataclass(frozen=True, slots=True)
class Regressions:
    """The changes of one subject's history.

    Args:
        revisions: in order; a `Place` holds indices into them.
        changes: the worst first.
        series: how many series were looked at.
        commits: how many commits a place has, the last one included; None where no repository tells.
        together: all series that moved at a place, from `moved_together`.
        short: how many of the series have too few values for a change to show.
        missing: how many values were passed over, by the reason.
    """

    subject: str
    revisions: Sequence[Revision]
    machines: Sequence[Machine]
    changes: Sequence[Change]
    series: int
    commits: Mapping[Place, int | None]
    together: Mapping[Place, Set[SeriesName]]
    limits: Limits
    short: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)

    def counts(self) -> Mapping[Kind, int]:
        """Return how many changes there are of each kind."""
        return Counter(change.kind for change in self.changes)

    def can_be_narrowed(self, change: Change) -> bool:
        """Tell whether a bisection could name a commit, and somebody would want to know it."""
        return change.bad and self.commits.get(change.place) != 1

    def others(self, change: Change) -> int:
        """Return how many other series moved at the place of a change."""
        return max(0, len(self.together.get(change.place, ())) - 1)
