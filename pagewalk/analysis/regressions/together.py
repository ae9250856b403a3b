"""Who else moved: one commit seldom changes one series only."""

from collections import defaultdict
from collections.abc import Sequence, Set

from pagewalk.analysis.regressions.change import Change, Place
from pagewalk.analysis.regressions.series import SeriesName


def moved_together(changes: Sequence[Change]) -> dict[Place, Set[SeriesName]]:
    """Return the series that one and the same commit may have moved, for each place of a change.

    Two ranges count as one place where one lies within the other: a series that was measured more
    seldom has the wider one. Ranges that merely overlap may have two causes.
    """
    by_place: dict[Place, set[SeriesName]] = defaultdict(set)
    for change in changes:
        by_place[change.place].add(change.series)
    return {
        place: set().union(*(names for other, names in by_place.items() if _nested(place, other)))
        for place in by_place
    }


def _nested(one: Place, other: Place) -> bool:
    return (one.after <= other.after and other.at <= one.at) or (
        other.after <= one.after and one.at <= other.at
    )
