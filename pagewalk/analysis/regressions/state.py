"""What became of a change: the level before it was reached again, and perhaps left again."""

from collections.abc import Sequence
from dataclasses import replace

from pagewalk.analysis.regressions.change import Change, State

BACK = 0.5
"""A level is back if less than this part of the way is left, as for excursions in `changepoints`;
and gone again if more than this part is."""


def with_states(changes: Sequence[Change]) -> list[Change]:
    """Return the changes of one series, in order, with what later ones made of them."""
    return [_followed(change, changes[i + 1 :]) for i, change in enumerate(changes)]


def _followed(change: Change, later: Sequence[Change]) -> Change:
    undone = next((one for one in later if _left(change, one) < BACK), None)
    if undone is None:
        return change
    after = later[list(later).index(undone) + 1 :]
    returned = next((one for one in after if _left(change, one) > BACK), None)
    state = State.CAME_BACK if returned else State.UNDONE
    return replace(change, state=state, undone=undone.place, returned=returned.place if returned else None)


def _left(change: Change, later: Change) -> float:
    """Return which part of a change is left once a later one has happened."""
    if change.size is None or later.size is None:
        return 1.0 if later.kind is change.kind else 0.0
    way = change.size.after - change.size.before
    return (later.size.after - change.size.before) / way if way else 1.0
