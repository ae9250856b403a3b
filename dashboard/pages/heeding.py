"""What a person did, told apart from what the page does itself.

Plots also tell that they were drawn, and that a click is forgotten; pickers and tables tell what the page has
filled them with. For that, nobody need be asked.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc


def heeding(identity: str, prop: str) -> Any:
    """Return what a page's layout needs so that a gesture on one of its components is heeded."""
    return dcc.Store(id=_identity(identity, prop))


def heeded(app: Dash, identity: str, prop: str) -> Input:
    """Return a property of a component as callbacks follow it: when a person has set it.

    Args:
        prop: as `clickData`; `heeding` of the same is in the layout.
    """
    told = _identity(identity, prop)
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("pagewalk", "heed"),
        Output(told, "data"),
        Input(identity, prop),
        prevent_initial_call=True,
    )
    return Input(told, "data")


def choosing(page: str, filled: Mapping[str, Any]) -> list[Any]:
    """Return what a page's layout needs so that choices on it are heeded.

    Args:
        page: begins the identities of what is returned.
        filled: what the page fills its controls with, as `{"head.value": "c0ffee"}`. Whoever fills them
            anew fills `filled_by(page)` as well.
    """
    return [dcc.Store(id=f"{page}-filled", data=dict(filled)), dcc.Store(id=f"{page}-chosen")]


def filled_by(page: str) -> Output:
    """Return where a callback notes what it fills controls with, as `choosing` takes it."""
    return Output(f"{page}-filled", "data")


def known_of(page: str) -> State:
    """Return what the page was filled with last, as callbacks take it; a browser may send anything."""
    return State(f"{page}-filled", "data")


def chosen(app: Dash, page: str, controls: Sequence[Input]) -> Input:
    """Return what a person chose, as callbacks follow it: new values by control, as `{"head.value": …}`.

    Args:
        controls: of the page; those that are not filled tell of a person whenever they have a value.
    """
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("pagewalk", "choose"),
        Output(f"{page}-chosen", "data"),
        *controls,
        State(f"{page}-filled", "data"),
        prevent_initial_call=True,
    )
    return Input(f"{page}-chosen", "data")


def news(told: Any) -> dict[str, Any]:
    """Return what `chosen` told as values by control; nothing for what no page of ours sends."""
    return told if isinstance(told, dict) else {}


def _identity(identity: str, prop: str) -> str:
    return f"{identity}-{prop}"
