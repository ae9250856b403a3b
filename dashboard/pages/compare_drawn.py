"""What changes on the compare page when its address does, as a browser gets it: written once an address."""

from dataclasses import dataclass

from dashboard.components.lightening import light
from dashboard.components.table import column_defs, row_data
from dashboard.data.address import View, parse
from dashboard.data.library import Library
from dashboard.data.shown import shown
from dashboard.pages import compare_plot, compare_table
from dashboard.pages.compare import PATH, headline, question, shelves_of, try_select
from dashboard.pages.controls import choices_of
from dashboard.pages.filling import Options
from dashboard.serving.encoding import written


@dataclass(frozen=True, slots=True)
class Drawn:
    """What an address has come to. All bytes are JSON.

    Args:
        choices: options and value by picker.
        empty: whether there is nothing to compare.
        heads: what the columns of the table follow from.
        columns, rows, height, note: of the table.
        plot_style, plot_note: around the plot.
    """

    choices: dict[str, Options]
    headline: bytes
    empty: bool
    heads: list[list[str]]
    columns: bytes
    rows: bytes
    height: dict[str, str]
    note: bytes
    plot_style: dict[str, str]
    plot_note: str


def drawn(library: Library, view: View) -> Drawn:
    """Return what changes on the page for a view; it is kept until the index has more."""
    return library.catalogue.drawn(PATH, question(view), lambda: _draw(library, view))


def foresee(library: Library, search: str) -> None:
    """Work out what the page shows for an address, and keep it."""
    drawn(library, parse(search))


def _draw(library: Library, view: View) -> Drawn:
    selection, error = try_select(library, view)
    found = shown(selection, view)
    style, note = compare_plot.around(found)
    return Drawn(
        choices=choices_of(shelves_of(library), selection, view),
        headline=written(light(headline(selection, view, error))),
        empty=selection is None,
        heads=compare_table.heads_of(found, view),
        columns=written(column_defs(found.machines, view.sort)),
        rows=written(row_data(found.listed, found.machines)),
        height=compare_table.grid_style(found),
        note=written(compare_table.table_note(found, view)),
        plot_style=style,
        plot_note=note,
    )
