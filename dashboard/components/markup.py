"""Components as HTML, for a document before its scripts have run and for text that needs none.

Only what is text: components that draw themselves in the browser leave their place empty. Identities are left
out, for the page that takes the place of a document's text has them.
"""

import html
from collections.abc import Iterator, Mapping
from typing import Any

from dash import dcc
from dash.development.base_component import Component

FOLLOWED = "data-followed"
"""Marks a link that `assets/links.js` follows without loading a document."""

_HTML = "dash_html_components"
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "wbr"})
_SPELLED = {"className": "class", "colSpan": "colspan", "rowSpan": "rowspan", "tabIndex": "tabindex"}
"""React's names of attributes that HTML calls otherwise."""
_KEPT = frozenset(
    {"alt", "class", "colspan", "height", "hidden", "href", "open", "role", "rowspan", "scope", "src"}
    | {"tabindex", "title", "width"}
)
_ABOUT_IDENTITIES = ("aria-labelledby", "aria-describedby", "aria-live")
"""Point to what is not there, or would read the page aloud a second time."""


def markup(tree: Any, *, followed: bool = False) -> str:
    """Return HTML of a tree of components; all text in it is escaped.

    Args:
        followed: whether links within the application are marked as such.
    """
    return "".join(_parts(tree, followed))


def properties_of(component: Component) -> Mapping[str, Any]:
    """Return the properties that a component was given, as React calls them."""
    described: Mapping[str, Any] = component.to_plotly_json()["props"]  # type: ignore[no-untyped-call]
    return described


def tag_of(component: Any) -> str:
    """Return the element that a component is; empty where it draws itself."""
    if isinstance(component, dcc.Link):
        return "a"
    is_element = isinstance(component, Component) and component._namespace == _HTML
    return type(component).__name__.lower() if is_element else ""


def is_told(name: str) -> bool:
    """Return whether HTML keeps a property of this name, and loses nothing of it."""
    return _is_kept(_SPELLED.get(name, name)) and name not in _ABOUT_IDENTITIES


def _is_kept(spelled: str) -> bool:
    return spelled in _KEPT or spelled.startswith(("aria-", "data-"))


def _parts(tree: Any, followed: bool) -> Iterator[str]:
    if tree is None or isinstance(tree, bool):
        return
    if isinstance(tree, (list, tuple)):
        for part in tree:
            yield from _parts(part, followed)
    elif not isinstance(tree, Component):
        yield html.escape(str(tree))
    elif tag := tag_of(tree):
        yield from _element(tag, tree, followed)


def _element(tag: str, component: Component, followed: bool) -> Iterator[str]:
    properties = properties_of(component)
    mark = f" {FOLLOWED}" if followed and isinstance(component, dcc.Link) else ""
    yield f"<{tag}{''.join(_attributes(properties))}{mark}>"
    if tag not in _VOID:
        yield from _parts(properties.get("children"), followed)
        yield f"</{tag}>"


def _attributes(properties: Mapping[str, Any]) -> Iterator[str]:
    for name, value in properties.items():
        spelled = _SPELLED.get(name, name)
        if not _is_kept(spelled) or spelled in _ABOUT_IDENTITIES or value is None or value is False:
            continue
        yield f" {spelled}" if value is True else f' {spelled}="{html.escape(str(value))}"'
