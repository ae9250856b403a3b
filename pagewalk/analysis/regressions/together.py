"""Who else moved: one commit seldom changes one series only."""

from collections import defaultdict
from collections.abc import Sequence

from pagewalk.analysis.regressions.change import Change, Place


def moved_together(changes: Sequence[Change]) -> dict[Change, tuple[Change, ...]]:
    """Return the changes of other series that one and the same commit may have made, for each change.

    Ranges that have a commit in common may have one cause. One commit: where a series was measured
    more seldom, its range is wide and covers many; so only ranges that lie within one another count.
    """
    by_place: dict[Place, list[Change]] = defaultdict(list)
    for change in changes:
        by_place[change.place].append(change)
    within = {place: [other for other in by_place if _nested(place, other)] for place in by_place}
    return {
        change: tuple(
            other
            for place in within[change.place]
            for other in by_place[place]
            if other.series != change.series
        )
        for change in changes
    }


def _nested(one: Place, other: Place) -> bool:
    return (one.after <= other.after and other.at <= one.at) or (
        other.after <= one.after and one.at <= other.at
    )
