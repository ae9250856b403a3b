"""What of a page only is read, as one component each: a table of a thousand cells is one, not a thousand.

Dash keeps a place in its store for every component and asks each of them again at every step that a page
takes. For cells and headings, which no callback ever names, that cost more than all that a browser does to
show them.
"""

from copy import copy
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboard.components.markup import FOLLOWED, is_told, markup, properties_of, tag_of


class Text(Component):
    """An element and all in it, as HTML; drawn by `assets/parts.js`.

    Args:
        tag: of the element.
        attributes: of the element, as React calls them.
        html: what is in it; escaped already.
    """

    tag: str
    attributes: dict[str, Any]
    html: str
    _namespace = "pagewalk_parts"
    _type = "Text"

    def __init__(self, tag: str, attributes: dict[str, Any], html: str) -> None:
        self._prop_names = ["tag", "attributes", "html"]
        self._valid_wildcard_attributes = []
        super().__init__(tag=tag, attributes=attributes, html=html)  # type: ignore[no-untyped-call]


def as_text(tree: Any) -> Any:
    """Return the same tree with each part that only is read in one piece.

    What has an identity, draws itself, or has a property that HTML would lose stays what it is.
    """
    return _whole(*_folded(tree))


def _folded(tree: Any) -> tuple[Any, bool]:
    """Return the tree with its parts folded, and whether it could be folded itself."""
    if isinstance(tree, (list, tuple)):
        parts = [_folded(part) for part in tree]
        if all(is_text for _, is_text in parts):
            return tree, True
        return [_whole(*part) for part in parts], False
    if not isinstance(tree, Component):
        return tree, True
    children, is_text = _folded(getattr(tree, "children", None))
    if is_text and _is_element(tree):
        return tree, True
    if getattr(tree, "children", None) is None:
        return tree, False
    folded = copy(tree)
    folded.children = _whole(children, is_text)
    return folded, False


def _is_element(component: Component) -> bool:
    names = properties_of(component).keys() - {"children"}
    return bool(tag_of(component)) and all(map(is_told, names))


def _whole(tree: Any, is_text: bool) -> Any:
    """Return what can be folded as one component each; an element of mere words is one already."""
    if not is_text:
        return tree
    if isinstance(tree, (list, tuple)):
        return [_whole(part, is_text) for part in tree]
    if not isinstance(tree, Component) or not _holds_elements(getattr(tree, "children", None)):
        return tree
    attributes = {k: v for k, v in properties_of(tree).items() if k != "children"}
    if isinstance(tree, dcc.Link):
        attributes[FOLLOWED] = ""
    return Text(tag_of(tree), attributes, markup(tree.children, followed=True))


def _holds_elements(children: Any) -> bool:
    parts = children if isinstance(children, (list, tuple)) else [children]
    return any(isinstance(part, (Component, list, tuple)) for part in parts)
