"""The document that a browser gets first: the page is in it as text, before any script.

React, Mantine and ag-grid are 3 MB of scripts that a browser reads and runs for most of a second. Whoever
opens a page reads meanwhile; `assets/early.js` puts the page itself in that place once it is there.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from dash import Dash
from flask import request

SCHEME = (
    "(function () { var chosen = null;"
    " try { chosen = localStorage.getItem('mantine-color-scheme-value'); } catch (refused) {}"
    " var dark = matchMedia('(prefers-color-scheme: dark)').matches;"
    " if (chosen === 'dark' || chosen === 'light') { dark = chosen === 'dark'; }"
    " document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light'); })();"
)
"""Runs before anything is drawn, so that a dark page does not flash. As Mantine's ColorSchemeScript."""

Early = Callable[[str, str], tuple[str, str]]
"""From path and query of an address to the title of the page and its text as HTML."""


class Application(Dash):
    """Dash, with the text of the page in the document.

    Args:
        early: of every address that is asked for.
        others: as `dash.Dash` takes them.
    """

    def __init__(self, name: str, early: Early, **others: Any) -> None:
        super().__init__(name, **others)
        self._early = early

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """Fill the template: Dash asks for it at each request of a document."""
        title, text = self._early(request.path, request.query_string.decode(errors="replace"))
        parts["title"] = title
        parts["metas"] += f"\n    <script>{SCHEME}</script>"
        parts["app_entry"] = f'<div id="early">{text}</div>{parts["app_entry"]}'
        filled: str = super().interpolate_index(**parts)  # type: ignore[no-untyped-call]
        return filled

    def inline_hashes(self) -> list[str]:
        """Return the hashes of all scripts that stand in the document, as a policy names them."""
        digest = base64.b64encode(hashlib.sha256(SCHEME.encode()).digest()).decode()
        return [*self.csp_hashes(), f"'sha256-{digest}'"]
