"""A page whose content follows its address, and whose controls write the address: what the newer pages share.

A control never changes the page. It changes the address, and the page follows the address; so reload,
back and a link sent to a colleague all show the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dash import Dash, Input, Output, State, ctx, set_props
from dash.exceptions import PreventUpdate

from dashboard.components.lightening import light
from dashboard.data.query import Query
from dashboard.pages.heeding import heeded
from dashboard.pages.staying import follow_address

Options = tuple[list[dict[str, str]], Any]
"""What can be chosen, and what is."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a page shows for an address.

    Args:
        choices: options and value by picker.
        body: returns what stands below the pickers.
        panel: returns what is open beside it; None on a page where nothing opens.
    """

    choices: Mapping[str, Options]
    body: Callable[[], Any]
    panel: Callable[[], Any] = lambda: None


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
    """

    path: str
    fields: tuple[str, ...]
    pickers: tuple[str, ...]
    gestures: tuple[tuple[str, str], ...]
    fill: Callable[[Query], Filled]
    chosen: Callable[[Query, str, tuple[str, ...]], Query]
    moved: Callable[[Query, str, Any], Query]
    opens: str = ""

    def identity(self, name: str) -> str:
        """Return the identity of a control of this page."""
        return f"{self.path.strip('/')}-{name}"

    def register(self, app: Dash) -> None:
        """Connect address, content and controls."""
        self._follow_address(app)
        self._follow_pickers(app)
        for identity, prop in self.gestures:
            self._follow_gesture(app, identity, prop)

    def _follow_address(self, app: Dash) -> None:
        address, opened = follow_address(app, self.path)

        @app.callback(
            *[Output(self.identity(name), part) for name in self.pickers for part in ("data", "value")],
            Output(self.identity("body"), "children"),
            Output(self.identity("panel"), "children"),
            Output(self.identity("asked"), "data"),
            address,
            State(self.identity("asked"), "data"),
            prevent_initial_call=True,
        )
        def fill(search: str | None, asked: str | None) -> Any:
            query = Query.parse(search, self.fields)
            if query.write() == asked:
                raise PreventUpdate
            filled = self.fill(query)
            choices = [part for name in self.pickers for part in filled.choices[name]]
            return [*choices, light(filled.body()), light(filled.panel()), query.write()]

        @app.callback(
            Output(self.identity("panel"), "children", allow_duplicate=True),
            Output(self.identity("asked"), "data", allow_duplicate=True),
            opened,
            prevent_initial_call=True,
        )
        def open_panel(search: str | None) -> Any:
            query = Query.parse(search, self.fields)
            self._forget_clicks()
            return light(self.fill(query).panel()), query.write()

    def _forget_clicks(self) -> None:
        """Let a second click on the same point of a plot that stays count, too."""
        for identity, prop in self.gestures:
            if prop == "clickData":
                set_props(identity, {prop: None})

    def _follow_pickers(self, app: Dash) -> None:
        @app.callback(
            inputs={
                "values": {name: Input(self.identity(name), "value") for name in self.pickers},
                "search": State("url", "search"),
                "asked": State(self.identity("asked"), "data"),
            },
            prevent_initial_call=True,
        )
        def choose(values: dict[str, Any], search: str | None, asked: str | None) -> None:
            shown = Query.parse(asked, self.fields)
            filled = self.fill(shown).choices
            query = before = Query.parse(search, self.fields)
            for name in self.pickers:
                # Pickers also "change" when the page fills them: only what it did not fill in is news
                news = _words(values[name]) != _words(filled[name][1])
                if self.identity(name) in ctx.triggered_prop_ids.values() and news:
                    query = self.chosen(query, name, _words(values[name]))
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
