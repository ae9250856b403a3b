"""The compare page: all machines side by side, in a table and a plot, as the address says."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html

from dashboard.components.pieces import aria, counts, disclosure, problem
from dashboard.components.pieces import panel as landmark
from dashboard.data.address import View, link, parse, write
from dashboard.data.export import table_csv
from dashboard.data.library import Library, Shelf
from dashboard.data.rows import find_row
from dashboard.data.selection import Selection, handle, select
from dashboard.data.shown import shown
from dashboard.looks.verdicts import LOOKS
from dashboard.looks.wording import date_text
from dashboard.pages.compare_plot import GESTURE, plot_section
from dashboard.pages.compare_table import heads_of, table_section
from dashboard.pages.controls import choices_of, filled, toolbar
from dashboard.pages.details import details
from dashboard.pages.heeding import choosing, heeding
from dashboard.pages.staying import staying
from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.summary import summary, total
from pagewalk.errors import PagewalkError
from pagewalk.model import Revision
from pagewalk.reports.wording import count_of, printable, rule_text

TITLE = "Compare"
PATH = "/compare"
NAME = "compare"
CLOSING: dict[str, dict[str, Any]] = {
    "details": {"hidden": True},
    "grid": {"selectedRows": {"ids": []}},
    # A second click on the same point must count too, so the first one is forgotten
    "forest": {"clickData": None},
}
"""The properties that close the open row, by control."""


def try_select(library: Library, view: View) -> tuple[Selection | None, PagewalkError | None]:
    """Return what the view asks for, or why it cannot be had."""
    try:
        return select(library, view), None
    except PagewalkError as error:
        return None, error


def compare_page(library: Library, search: str) -> Any:
    """Return the whole page for an address."""
    view = parse(search)
    selection, error = try_select(library, view)
    found = shown(selection, view)
    choices = choices_of(shelves_of(library), selection, view)
    return html.Div(
        [
            html.H1("Compare"),
            html.Div(toolbar(choices, view.text), className="pw-card"),
            html.Div(headline(selection, view, error), id="headline", **aria(live="polite")),
            html.Div(
                [table_section(found, view), plot_section(found, question(view))],
                id="results",
                className="pw-results",
                hidden=selection is None,
            ),
            landmark("", *panel(selection, view)),
            dcc.Download(id="download"),
            dcc.Store(id="question", data=question(view)),
            dcc.Store(id="sorted"),
            dcc.Store(id="opened-row"),
            dcc.Store(id="columns", data=heads_of(found, view)),
            *staying(PATH, write(view), "row", CLOSING),
            *choosing(NAME, filled(choices, view)),
            heeding(*GESTURE),
        ],
        className="pw-page",
    )


def question(view: View) -> str:
    """Return all of the view but the open row: table and plot follow from it."""
    return write(replace(view, row=""))


def shelves_of(library: Library) -> dict[str, Shelf]:
    """Return what there is, by subject; nothing where there is no folder."""
    try:
        return library.shelves()
    except PagewalkError:
        return {}


def headline(selection: Selection | None, view: View, error: PagewalkError | None) -> list[Any]:
    """Return what is compared, how it came out, and what to be wary of."""
    if selection is None:
        return [problem(error)] if error else []
    comparison = selection.comparison
    here = replace(view, row="")
    counted = total(summary(comparison))
    hrefs = {verdict: link(replace(here, verdicts=(LOOKS[verdict].key,))) for verdict in counted}
    names = html.Span(
        [_revision(comparison.base), html.Span("→", className="pw-arrow"), _revision(comparison.head)]
    )
    return [
        html.Div([html.P(names, className="pw-names"), counts(counted, hrefs)], className="pw-headline"),
        html.P(rule_text(comparison.settings), className="pw-quiet"),
        _warnings(comparison),
    ]


def _revision(revision: Revision) -> Any:
    about = f" {date_text(revision)}"
    return html.Span([html.Strong(printable(revision.name)), html.Span(about, className="pw-quiet")])


def _warnings(comparison: Comparison) -> Any:
    if not comparison.warnings:
        return None
    items = html.Ul([html.Li(printable(warning)) for warning in comparison.warnings])
    return disclosure(f"⚠ {count_of(len(comparison.warnings), 'warning')} about how this was measured", items)


def panel(selection: Selection | None, view: View) -> tuple[str, list[Any]]:
    """Return title and content of the panel; nothing where no row is open."""
    if selection is None or not view.row:
        return "", []
    row = find_row(selection.rows, view.row)
    if row is None:
        text = "This comparison has no such row. It may have been measured at other revisions only."
        return printable(view.row), [html.P(text)]
    return f"{printable(str(row.case))} · {row.title}", details(selection.comparison, row)


def csv_of(selection: Selection | None, view: View, order: Sequence[str]) -> tuple[str, str]:
    """Return file name and content of the table as it is shown.

    Args:
        order: identities of the rows that the browser shows, in its order; hostile. Rows that it
            was not given stand where they would be.
    """
    found = shown(selection, view)
    listed = {row.id: row for row in found.listed}
    seen = [listed[identity] for identity in dict.fromkeys(order) if identity in listed]
    rows = [*found.ordered[: found.first], *seen, *found.ordered[found.first + len(found.listed) :]]
    text = table_csv(rows, [machine.name for machine in found.machines])
    if selection is None:
        return "pagewalk.csv", text
    comparison, shelf = selection.comparison, selection.shelf
    names = [shelf.subject, *(handle(r, shelf.revisions) for r in (comparison.base, comparison.head))]
    safe = "-".join("".join(c if c.isalnum() or c in "._+" else "_" for c in name)[:60] for name in names)
    return f"pagewalk-{safe}.csv", text
