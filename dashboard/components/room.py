"""A place for pages within the document; `assets/rooms.js` shows one room at a time."""

from typing import Any

from dash.development.base_component import Component


class Room(Component):
    """Children that are either seen, or stand by: drawn, but neither seen, read out nor reached by keys.

    Args:
        children: of the room.
        name: `show` in assets/rooms.js finds the room of a page by it.
    """

    children: Any
    name: str
    _namespace = "pagewalk_parts"
    _type = "Room"

    def __init__(self, children: Any, name: str) -> None:
        self._prop_names = ["children", "name"]
        self._valid_wildcard_attributes = []
        super().__init__(children=children, name=name)  # type: ignore[no-untyped-call]
