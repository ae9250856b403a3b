"""Plots and grids, drawn when their reader comes near: what lies below the window costs no click its time."""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

import dash_ag_grid as dag
from dash import Dash, Input, Output, dcc
from dash.development.base_component import Component

_DRAWN = (dcc.Graph, dag.AgGrid)


class Later(Component):
    """A place for something that draws itself; `assets/later.js` fills it.

    Args:
        children: what is drawn.
        room: style of the place until then, so that nothing moves when it is filled.
        id: of a place whose content changes, or is asked for only when its reader is near.
        wanted: names what is to be shown.
        drawn: names what the children show.

    The browser sets `asked` to the name of what is wanted as soon as its reader is near, or has nothing else
    to wait for; `answer_when_near` has that answered.
    """

    children: Any
    room: dict[str, Any]
    wanted: str
    drawn: str
    _namespace = "pagewalk_parts"
    _type = "Later"

    def __init__(self, children: Any, room: dict[str, Any] | None = None, **named: str) -> None:
        self._prop_names = ["children", "room", "id", "wanted", "drawn", "asked"]
        self._valid_wildcard_attributes = []
        super().__init__(children=children, room=room or {}, **named)  # type: ignore[no-untyped-call]


def answer_when_near(
    app: Dash, identity: str, parts: Sequence[Output], answer: Callable[[str], Sequence[Any]]
) -> None:
    """Fill a place with what is wanted, once that is asked for.

    Args:
        identity: of the `Later`.
        parts: of what is in it.
        answer: from the name of what is wanted, as hostile as any address, to the values of the parts.
    """

    @app.callback(*parts, Output(identity, "drawn"), Input(identity, "asked"), prevent_initial_call=True)
    def fill(asked: Any) -> list[Any]:
        wanted = asked if isinstance(asked, str) else ""
        return [*answer(wanted), wanted]


def when_near(tree: Any) -> Any:
    """Return the same tree with each plot and grid in a place of its own."""
    if isinstance(tree, (list, tuple)):
        return [when_near(part) for part in tree]
    if isinstance(tree, _DRAWN):
        return Later(tree, getattr(tree, "style", None))
    if isinstance(tree, Later) or not isinstance(tree, Component) or getattr(tree, "children", None) is None:
        return tree
    placed = copy(tree)
    placed.children = when_near(tree.children)
    return placed
