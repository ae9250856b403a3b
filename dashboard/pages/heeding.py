"""What a person did on a plot or a table.

Plots also tell that they were drawn, and that a click is forgotten: for that, nobody need be asked.
"""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, dcc


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


def _identity(identity: str, prop: str) -> str:
    return f"{identity}-{prop}"
