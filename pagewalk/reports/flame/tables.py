"""Functions of profiles in a terminal."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Column, Table
from rich.text import Text

from pagewalk.analysis.profiles import SymbolChange
from pagewalk.reports.flame.page import shift_text
from pagewalk.reports.wording import printable
from pagewalk.units import share_text

MOST = 25


def function_table(changes: Sequence[SymbolChange], most: int = MOST) -> Table:
    """Return the functions of one set of profiles, the one with the most of its own first."""
    table = Table("own", "with callees", Column("function", overflow="fold"), box=None, pad_edge=False)
    for change in sorted(changes, key=lambda one: (-one.own_head, -one.head, one.name))[:most]:
        table.add_row(share_text(change.own_head), share_text(change.head), Text(printable(change.name)))
    return table


def difference_table(changes: Sequence[SymbolChange], base: str, head: str, most: int = MOST) -> Table:
    """Return the functions whose share changed, what is shown first."""
    headings = ("", escape(printable(base)), escape(printable(head)), "change (95 %)", "function")
    table = Table(*headings[:-1], Column(headings[-1], overflow="fold"), box=None, pad_edge=False)
    for change in changes[:most]:
        mark = "~" if not change.shown else "▲" if change.shift.estimate > 0 else "▼"
        cells = (mark, share_text(change.base), share_text(change.head), shift_text(change))
        table.add_row(*cells, Text(printable(change.name)), style="" if change.shown else "dim")
    return table
