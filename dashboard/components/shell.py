"""What surrounds every page: theme, header, landmarks."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.pieces import aria
from dashboard.components.text import as_text
from dashboard.data.indexing import State
from pagewalk.reports.wording import printable

_THEME: dict[str, Any] = {
    "primaryColor": "indigo",
    # Mantine's dark greys, with the blue of assets/base.css in them
    "colors": {
        "dark": [
            "#e4e8ee",
            "#c3cad4",
            "#9aa5b4",
            "#76818f",
            "#323944",
            "#2b313b",
            "#20252d",
            "#1a1e25",
            "#15191f",
            "#12151a",
        ]
    },
    "fontFamily": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    "fontFamilyMonospace": "ui-monospace, 'SF Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
    "defaultRadius": "sm",
    "focusRing": "auto",
}

INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>
    {%metas%}
    <title>{%title%}</title>
    {%favicon%}
    {%css%}
  </head>
  <body>
    {%app_entry%}
    <footer>
      {%config%}
      {%scripts%}
      {%renderer%}
    </footer>
  </body>
</html>
"""


def shell(links: Sequence[Any], rooms: Sequence[Any]) -> Any:
    """Return the frame; `assets/rooms.js` marks the link to the page that is seen.

    Args:
        links: to the pages.
        rooms: that the pages come into.
    """
    return dmc.MantineProvider(
        [
            dcc.Location(id="url", refresh="callback-nav"),
            html.A("Skip to content", href="#page", className="pw-skip"),
            html.Header(
                [_brand(), html.Nav(as_text(links), id="nav", **aria(label="pages")), _toggle()],
                className="pw-header",
            ),
            html.Div(id="indexing", className="pw-indexing", hidden=True, role="status"),
            dcc.Interval(id="beat", interval=1_000),
            html.Main(rooms, id="page", tabIndex=-1),
        ],
        theme=_THEME,
        defaultColorScheme="auto",
    )


def early_shell(links: Any, page: Any) -> list[Any]:
    """Return the frame around a page that is text only; its height is that of `shell`."""
    nav = html.Nav(links, **aria(label="pages"))
    return [
        html.Header([_brand(), nav, html.Span(className="pw-toggle-place")], className="pw-header"),
        html.Main(page),
    ]


def progress_text(state: State) -> str:
    """Return what is to be said of the index; empty where it is up to date."""
    if state.trouble:
        return f"The index is not up to date: {printable(state.trouble)}"
    if state.searched is not None:
        return f"Looking for lasting changes … {state.searched:.0%}. Reload to see what was found since."
    if state.share is None:
        return ""
    return f"Indexing … {state.share:.0%}. Reload to see what has come since."


def _brand() -> Any:
    return dcc.Link([html.Span("▚", **aria(hidden="true")), " pagewalk"], href="/", className="pw-brand")


def _toggle() -> Any:
    return dmc.ColorSchemeToggle(
        lightIcon=html.Span("☀", **aria(hidden="true")),
        darkIcon=html.Span("☾", **aria(hidden="true")),
        variant="subtle",
        color="gray",
        size="lg",
        **aria(label="Switch between light and dark"),
    )


def navigation(pages: Sequence[tuple[str, str]], pathname: str = "") -> list[Any]:
    """Return the links to the pages, the present one marked for eyes and screen readers.

    Args:
        pages: title and path of each.
        pathname: of the present one; empty where none is yet.
    """
    return [_entry(text, path, pathname) for text, path in pages]


def _entry(text: str, path: str, pathname: str) -> Any:
    # dcc.Link knows no aria-current; the surrounding element carries it
    here = path == pathname
    marks = aria(current="page") if here else {}
    return html.Span(dcc.Link(text, href=path), className="pw-here" if here else "", **marks)
