"""What table and plot of the comparison show of a selection: the rows that the view lets through."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.data.address import View
from dashboard.data.ordering import in_order
from dashboard.data.rows import Row, shown_rows
from dashboard.data.selection import Selection
from pagewalk.model import Machine

MOST_LISTED = 250
"""Rows the table gets unless all are asked for: of thousands, a browser takes longer than a click may."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What table and plot show of a selection.

    Args:
        rows: all that the view lets through, the most urgent first.
        ordered: the same in the order of the table, where that is too long for the browser to sort and
            filter: then only those that the filters of columns let through.
        listed: those of them that the table gets; `first` come before.
    """

    rows: Sequence[Row] = ()
    ordered: Sequence[Row] = ()
    listed: Sequence[Row] = ()
    first: int = 0
    machines: Sequence[Machine] = ()

    @property
    def earlier(self) -> int | None:
        """Where the rows before those listed begin; None where there are none."""
        return max(0, self.first - MOST_LISTED) if self.first else None

    @property
    def further(self) -> int | None:
        """Where the rows after those listed begin; None where there are none."""
        after = self.first + len(self.listed)
        return after if after < len(self.ordered) else None


def shown(selection: Selection | None, view: View) -> Shown:
    """Return the rows and machines that the view lets through; none without a selection."""
    if selection is None:
        return Shown()
    machines = [m for m in selection.comparison.machines if not view.machines or m.name in view.machines]
    rows = shown_rows(selection.rows, view)
    if view.whole or len(rows) <= MOST_LISTED:
        return Shown(rows, rows, rows, 0, machines)
    ordered = in_order(rows, view)
    first = view.first if view.first < len(ordered) else 0
    return Shown(rows, ordered, ordered[first : first + MOST_LISTED], first, machines)
