"""The address as a page sees it while somebody stays there.

A page that stands by, or is being left, keeps what it shows while the address is another one's. Were it to
follow that, the server would be asked, and every control redrawn, for what nobody sees. `assets/staying.js`
tells it of its own.

Where nothing but what is open beside a page changes, the page itself has nothing to follow.
"""

from collections.abc import Mapping
from typing import Any

from dash import Input, dcc, set_props


def staying(
    path: str, search: str, opens: str = "", closing: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Any]:
    """Return what a page's layout needs to be told of its address.

    Args:
        search: the query that the page is drawn for, as its own links write it.
        opens: the field that opens something beside the page, and changes nothing else; empty for none.
        closing: by control, the properties that close what is open.
    """
    return [
        dcc.Store(id=_identity(path, "address"), data=search),
        dcc.Store(id=_identity(path, "opened")),
        dcc.Store(id=_identity(path, "opens"), data={"field": opens, "closing": closing or {}}),
    ]


def follow_address(path: str) -> tuple[Input, Input]:
    """Return what a page's callbacks follow; it has `staying` in its layout.

    Args:
        path: of the page, as `/history`.

    Returns:
        the query of the address when more of it changes than what is open, which closes that where it names
        nothing; and when something is opened, or stays open at another address.
    """
    return Input(_identity(path, "address"), "data"), Input(_identity(path, "opened"), "data")


def close(closing: Mapping[str, Mapping[str, Any]]) -> None:
    """Close what is open beside a page, along with what a callback answers."""
    for control, properties in closing.items():
        set_props(control, dict(properties))


def _identity(path: str, part: str) -> str:
    """Name a store after the path, as assets/staying.js does."""
    return f"{path.strip('/')}-{part}"
