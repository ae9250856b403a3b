"""Lines as CSV that is safe to open in a spreadsheet, whatever the names in results are."""

import csv
import io
from collections.abc import Iterable, Sequence

from pagewalk.reports.wording import printable

Cell = str | float | None
"""None is written as nothing."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet(columns: Sequence[str], lines: Iterable[Iterable[Cell]]) -> str:
    """Return a line of headings and the lines below it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([plain(cell) for cell in line] for line in lines)
    return stream.getvalue()


def plain(value: Cell) -> Cell:
    """Keep spreadsheets from reading a name as a formula (CWE-1236)."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
