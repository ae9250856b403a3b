"""A page as HTML, before any script has run: what it says can be read while the browser still loads React.

Only what is text: components that draw themselves in the browser leave their place empty. Identities are left
out, for the page that takes the place of this one has them.
"""

import html
from collections.abc import Iterator, Mapping
from typing import Any

from dash import dcc
from dash.development.base_component import Component

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


def prerender(tree: Any) -> str:
    """Return HTML of a tree of components; all text in it is escaped."""
    return "".join(_parts(tree))


def _parts(tree: Any) -> Iterator[str]:
    if tree is None or isinstance(tree, bool):
        return
    if isinstance(tree, (list, tuple)):
        for part in tree:
            yield from _parts(part)
    elif isinstance(tree, dcc.Link):
        yield from _element("a", tree)
    elif not isinstance(tree, Component):
        yield html.escape(str(tree))
    elif _described(tree)["namespace"] == _HTML:
        yield from _element(type(tree).__name__.lower(), tree)


def _described(component: Component) -> Mapping[str, Any]:
    described: Mapping[str, Any] = component.to_plotly_json()  # type: ignore[no-untyped-call]
    return described


def _element(tag: str, component: Component) -> Iterator[str]:
    properties = _described(component)["props"]
    yield f"<{tag}{''.join(_attributes(properties))}>"
    if tag not in _VOID:
        yield from _parts(properties.get("children"))
        yield f"</{tag}>"


def _attributes(properties: Mapping[str, Any]) -> Iterator[str]:
    for name, value in properties.items():
        spelled = _SPELLED.get(name, name)
        told = spelled in _KEPT or spelled.startswith(("aria-", "data-"))
        if not told or spelled in _ABOUT_IDENTITIES or value is None or value is False:
            continue
        yield f" {spelled}" if value is True else f' {spelled}="{html.escape(str(value))}"'
