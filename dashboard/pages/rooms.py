"""Which page is seen, and where each stands.

A page that takes long to draw has a room of its own, where it stands by while somebody is elsewhere: who
comes back finds it at once, and as it was left. All others come into one room, each drawn anew.
"""

from collections.abc import Callable, Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from dashboard.components.room import Room
from dashboard.data.indexing import Indexing
from dashboard.pages.places import Place
from dashboard.serving.asking import address_of
from dashboard.serving.encoding import encoded

PASSING = "passing"
"""The room of all pages that do not stay."""


def room_of(place: Place) -> str:
    """Return the name of the room that a page stands in; `assets/rooms.js` finds it by the path as well."""
    return place.path.strip("/") if place.stays else PASSING


def rooms(found: Sequence[Place]) -> list[Any]:
    """Return the rooms, empty as yet, and what they need to be filled."""
    return [*map(_room, _names(found)), *[dcc.Store(id=name) for name in ("returned", "version", "entered")]]


def register(app: Dash, found: Sequence[Place], indexing: Indexing, draw: Callable[[str, str], Any]) -> None:
    """Fill rooms as the address says.

    Args:
        draw: returns the page at a path, for a query.
    """
    names = _names(found)
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("pagewalk", "enter"), Output("entered", "data"), Input("version", "data")
    )
    for name in names:
        _fill(app, name, indexing, draw)

    @app.callback(Output("version", "data"), Input("returned", "data"), prevent_initial_call=True)
    def look(_returned: Any) -> int:
        return indexing.look().version


def _names(found: Sequence[Place]) -> list[str]:
    return [*(room_of(place) for place in found if place.stays), PASSING]


def _room(name: str) -> Any:
    asked = [dcc.Store(id=f"{name}-room-{part}") for part in ("asked", "drawn")]
    return Room([*asked, html.Div(id=f"{name}-room")], name)


def _fill(app: Dash, name: str, indexing: Indexing, draw: Callable[[str, str], Any]) -> None:
    @app.callback(
        Output(f"{name}-room", "children"),
        Output(f"{name}-room-drawn", "data"),
        Input(f"{name}-room-asked", "data"),
        prevent_initial_call=True,
    )
    def fill(asked: Any) -> tuple[Any, int]:
        path, query = address_of(asked)
        version = indexing.look().version
        return encoded(draw(path, query)), version
