"""A page whose content follows its address, and whose controls write the address: what the newer pages share.

A control never changes the page. It changes the address, and the page follows the address; so reload,
back and a link sent to a colleague all show the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from dash import Dash, Input, Output, State, no_update, set_props
from dash.exceptions import PreventUpdate

from dashboard.components.lightening import light
from dashboard.data.query import Query
from dashboard.pages.filling import Options, anew, filled
from dashboard.pages.heeding import chosen, filled_by, heeded, known_of, news
from dashboard.pages.staying import close, follow_address
from dashboard.serving.encoding import written


@dataclass(frozen=True, slots=True)
class Filled:
    """What a page shows for an address.

    Args:
        choices: options and value by picker.
        parts: returns a value for each part of the page; None for those that stay as they are, unseen.
        panel: returns what is open beside it; None on a page where nothing opens.
    """

    choices: Mapping[str, Options]
    parts: Callable[[], Sequence[Any]]
    panel: Callable[[], Any] = lambda: None


Drawn = tuple[Mapping[str, Options], tuple[bytes | None, ...]]
"""Options and value of each picker, and each part as JSON; None for those that stay as they are, unseen."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Args:
        path: as `/history`; without its slash it begins the identities of all controls.
        fields: what its address may ask.
        pickers: fields that have a picker with options and a value.
        gestures: component and property that a person moves, as `("history-graph", "clickData")`.
        fill: answers an address.
        chosen: the query that follows where the picker of a field got a value.
        moved: the query that follows on a gesture; the same one where it says nothing.
        opens: the field that opens the panel, and changes nothing else; empty where there is none.
        parts: control and property of all else that changes, as `("graph", "figure")`; the first one says
            what is found, or why nothing is.
        body: from the values of the parts to what stands below the pickers.
        keep: returns what an address has come to before, else what the function that it is given makes of it.
    """

    path: str
    fields: tuple[str, ...]
    pickers: tuple[str, ...]
    gestures: tuple[tuple[str, str], ...]
    fill: Callable[[Query], Filled]
    chosen: Callable[[Query, str, tuple[str, ...]], Query]
    moved: Callable[[Query, str, Any], Query]
    opens: str = ""
    parts: tuple[tuple[str, str], ...] = (("body", "children"),)
    body: Callable[..., Any] = lambda body: body
    keep: Callable[[str, Callable[[], Drawn]], Drawn] = lambda _asked, draw: draw()

    def identity(self, name: str) -> str:
        """Return the identity of a control of this page."""
        return f"{self.path.strip('/')}-{name}"

    def asked(self, query: Query) -> str:
        """Return all of the query but what is open: the page itself follows from it."""
        return query.but(**{self.opens: ""}).write()

    def choices_of(self, filled: Filled) -> dict[str, Options]:
        """Return options and value of each picker, by its identity."""
        return {self.identity(name): filled.choices[name] for name in self.pickers}

    def foresee(self, search: str) -> None:
        """Work out what the page shows for an address, and keep it."""
        self._drawn(Query.parse(search, self.fields))

    def _drawn(self, query: Query) -> Drawn:
        def draw() -> Drawn:
            found = self.fill(query)
            parts = (None if part is None else written(light(part)) for part in found.parts())
            return self.choices_of(found), tuple(parts)

        return self.keep(self.asked(query), draw)

    def register(self, app: Dash) -> None:
        """Connect address, content and controls."""
        self._follow_address(app)
        self._follow_pickers(app)
        for identity, prop in self.gestures:
            self._follow_gesture(app, identity, prop)

    def _follow_address(self, app: Dash) -> None:
        address, opened = follow_address(self.path)

        @app.callback(
            *[Output(self.identity(name), part) for name in self.pickers for part in ("data", "value")],
            *[Output(self.identity(name), part) for name, part in self.parts],
            Output(self.identity("asked"), "data"),
            filled_by(self.path.strip("/")),
            address,
            State(self.identity("asked"), "data"),
            known_of(self.path.strip("/")),
            *[State(self.identity("details"), "hidden")] * bool(self.opens),
            prevent_initial_call=True,
        )
        def fill(search: str | None, asked: str | None, known: Any, is_closed: Any = True) -> Any:
            query = Query.parse(search, self.fields)
            if self.asked(query) == asked:
                raise PreventUpdate
            if not (is_closed or query.one(self.opens)):
                close(self.closing())
            choices, drawn = self._drawn(query)
            parts = [no_update if part is None else orjson.Fragment(part) for part in drawn]
            return [*anew(choices, known), *parts, self.asked(query), filled(choices)]

        @app.callback(
            Output(self.identity("panel"), "children"),
            opened,
            prevent_initial_call=True,
        )
        def open_panel(search: str | None) -> Any:
            query = Query.parse(search, self.fields)
            close(self._forgotten())
            return light(self.fill(query).panel())

    def closing(self) -> dict[str, dict[str, Any]]:
        """Return the properties that close what is open, by control."""
        return {self.identity("details"): {"hidden": True}, **self._forgotten()} if self.opens else {}

    def _forgotten(self) -> dict[str, dict[str, Any]]:
        """Let a second click on the same point of a plot that stays count, too."""
        return {identity: {prop: None} for identity, prop in self.gestures if prop == "clickData"}

    def _follow_pickers(self, app: Dash) -> None:
        names = {f"{self.identity(name)}.value": name for name in self.pickers}

        @app.callback(
            chosen(app, self.path.strip("/"), [Input(self.identity(name), "value") for name in self.pickers]),
            State("url", "search"),
            prevent_initial_call=True,
        )
        def choose(told: Any, search: str | None) -> None:
            query = before = Query.parse(search, self.fields)
            for prop, value in news(told).items():
                if prop in names:
                    query = self.chosen(query, names[prop], _words(value))
            if query != before:
                set_props("url", {"search": query.write()})

    def _follow_gesture(self, app: Dash, identity: str, prop: str) -> None:
        @app.callback(
            inputs={"value": heeded(app, identity, prop), "search": State("url", "search")},
            prevent_initial_call=True,
        )
        def follow(value: Any, search: str | None) -> None:
            before = Query.parse(search, self.fields)
            query = self.moved(before, identity, value) if value else before
            if query != before:
                set_props("url", {"search": query.write()})


def _words(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(word for word in values if isinstance(word, str) and word))


def field(value: Any, *names: str | int) -> Any:
    """Return what lies at a path in data from a browser; None where there is no such thing."""
    for name in names:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and isinstance(name, int) and name < len(value):
            value = value[name]
        else:
            return None
    return value
