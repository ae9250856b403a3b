"""A page over files that grow while one looks: it follows its address, and them where they change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.exceptions import PreventUpdate

from dashboard.data.query import Query
from dashboard.pages.staying import follow_address, staying

OFTEN, SELDOM = 1_000, 4_000
"""Milliseconds between two questions of a page: while something runs, and else."""


@dataclass(frozen=True, slots=True)
class Glance:
    """How things stand at one moment.

    Args:
        mark: another text as soon as anything is to be shown differently.
        running: whether it is worth asking again soon.
        parts: returns a value for each part of the page.
    """

    mark: str
    running: bool
    parts: Callable[[], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class WatchedPage:
    """One page.

    Args:
        path: as `/live`; without its slash it begins the identities of all controls.
        fields: what its address may ask.
        parts: component and property of all that changes.
        look: answers an address, at this moment; the parts are asked of it only where the mark is another.
    """

    path: str
    fields: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    look: Callable[[Query], Glance]

    def identity(self, name: str) -> str:
        """Return the identity of a control of this page."""
        return f"{self.path.strip('/')}-{name}"

    def part(self, name: str, children: Any, **more: Any) -> Any:
        """Return a part whose children change; `assets/keeping_place.js` keeps the reader's place in it."""
        return html.Div(children, id=self.identity(name), **{"data-watched": "", **more})

    def status(self, text: str) -> Any:
        """Return a line that screen readers speak when it becomes another one, and only then."""
        return html.P(text, id=self.identity("status"), role="status", className="pw-quiet")

    def watch(self, glance: Glance, query: Query) -> list[Any]:
        """Return what a page needs to keep watching what it was asked; add it to its layout."""
        return [
            dcc.Interval(id=self.identity("beat"), interval=_pace(glance)),
            dcc.Store(id=self.identity("seen"), data=glance.mark),
            *staying(self.path, query.write()),
        ]

    def register(self, app: Dash) -> None:
        """Connect address, beat and content; an answer of "nothing new" has no content at all."""

        @app.callback(
            *[Output(self.identity(name), part) for name, part in self.parts],
            Output(self.identity("seen"), "data"),
            Output(self.identity("beat"), "interval"),
            follow_address(self.path)[0],
            Input(self.identity("beat"), "n_intervals"),
            State("url", "search"),
            State("url", "pathname"),
            State(self.identity("seen"), "data"),
            prevent_initial_call=True,
        )
        def look(
            _stayed: str | None, _beats: int | None, search: str | None, pathname: str, seen: str | None
        ) -> Any:
            # A last beat may come from a page that is being left
            if pathname != self.path:
                raise PreventUpdate
            glance = self.look(Query.parse(search, self.fields))
            if glance.mark == seen:
                raise PreventUpdate
            return [*glance.parts(), glance.mark, _pace(glance)]


def _pace(glance: Glance) -> int:
    return OFTEN if glance.running else SELDOM
