"""The address as a page sees it while somebody stays there.

A page that is being left still stands while the address is already another one's. Were it to follow
that, the server would be asked, and every control redrawn, for what nobody will see.
"""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc


def staying(path: str, search: str) -> Any:
    """Return what a page's layout needs to be told of its address.

    Args:
        search: the query that the page is drawn for, as its own links write it.
    """
    return dcc.Store(id=_identity(path), data=search)


def follow_address(app: Dash, path: str) -> Input:
    """Return the query of the address, as what a page's callbacks follow; it has `staying` in its layout.

    Args:
        path: of the page, as `/history`.
    """
    identity = _identity(path)
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("pagewalk", "stay"),
        Output(identity, "data"),
        Input("url", "search"),
        Input("url", "pathname"),
        State(identity, "data"),
        State(identity, "id"),
        prevent_initial_call=True,
    )
    return Input(identity, "data")


def _identity(path: str) -> str:
    """Name the store after the path, which `stay` in assets/pagewalk.js reads from it."""
    return f"{path.strip('/')}-address"
