"""What the newer pages look like before they are filled: heading, pickers, body."""

from typing import Any

from dash import dcc, html

from dashboard.components.pieces import aria, problem
from dashboard.data.query import Query
from dashboard.pages import pickers
from dashboard.pages.filling import Options
from dashboard.pages.filling import filled as told
from dashboard.pages.following import Filled, Page
from dashboard.pages.heeding import choosing, heeding
from dashboard.pages.staying import staying
from pagewalk.errors import PagewalkError


def frame(page: Page, title: str, rows: list[list[Any]], filled: Filled, query: Query) -> Any:
    """Return a whole page; its pickers are already filled."""
    return html.Div(
        [
            html.H1(title),
            pickers.toolbar(rows, "What to look at"),
            html.Div(page.body(*filled.parts()), id=page.identity("body"), className="pw-results"),
            html.Div(filled.panel(), id=page.identity("panel")),
            dcc.Download(id=page.identity("download")),
            dcc.Store(id=page.identity("asked"), data=page.asked(query)),
            *choosing(page.path.strip("/"), told(page.choices_of(filled))),
            *staying(page.path, query.write(), page.opens, page.closing()),
            *(heeding(identity, prop) for identity, prop in page.gestures),
        ],
        className="pw-page",
    )


def said_and_found(page: str, said: Any, hidden: bool, found: list[Any]) -> list[Any]:
    """Return what stands below the pickers of a page that changes in place.

    Args:
        page: begins the identities of both parts.
        said: of what is found, or why nothing is.
        hidden: whether nothing is.
        found: all that was.
    """
    return [
        html.Div(said, id=f"{page}-said", **aria(live="polite")),
        html.Div(found, id=f"{page}-found", className="pw-results", hidden=hidden),
    ]


def nothing(page: Page, subjects: list[str], query: Query, error: PagewalkError) -> Filled:
    """Return a page that says what there is not, and lets choose among what there is."""
    empty: dict[str, Options] = {name: ([], None) for name in page.pickers}
    known = {"subject": pickers.options(subjects, query.one("subject"))}
    rest = [True if prop == "hidden" else None for _, prop in page.parts[1:]]
    return Filled({**empty, **known}, lambda: [problem(error), *rest])
