"""Plots and grids, drawn when their reader comes near: what lies below the window costs no click its time."""

from copy import copy
from typing import Any

import dash_ag_grid as dag
from dash import dcc
from dash.development.base_component import Component

_DRAWN = (dcc.Graph, dag.AgGrid)


class Later(Component):
    """A place for something that draws itself; `assets/parts.js` fills it.

    Args:
        children: what is drawn.
        room: style of the place until then, so that nothing moves when it is filled.
    """

    children: Any
    room: dict[str, Any]
    _namespace = "pagewalk_parts"
    _type = "Later"

    def __init__(self, children: Any, room: dict[str, Any] | None = None) -> None:
        self._prop_names = ["children", "room"]
        self._valid_wildcard_attributes = []
        super().__init__(children=children, room=room or {})  # type: ignore[no-untyped-call]


def when_near(tree: Any) -> Any:
    """Return the same tree with each plot and grid in a place of its own."""
    if isinstance(tree, (list, tuple)):
        return [when_near(part) for part in tree]
    if isinstance(tree, _DRAWN):
        return Later(tree, getattr(tree, "style", None))
    if not isinstance(tree, Component) or getattr(tree, "children", None) is None:
        return tree
    placed = copy(tree)
    placed.children = when_near(tree.children)
    return placed
