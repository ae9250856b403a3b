"""Pickers of the newer pages: one look, filled from what can be chosen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html
from dash.exceptions import PreventUpdate

from dashboard.components.pieces import aria
from dashboard.pages.filling import Options
from pagewalk.reports.wording import printable

MOST_OFFERED = 200
"""Options a list opens with; of more, typing finds the others. Thousands cost a browser a click's time."""

HOW: dict[str, Any] = {
    "searchable": True,
    "limit": MOST_OFFERED,
    # Mantine draws the options of a list that is shut, too: of eight lists half of all that a click took
    "comboboxProps": {"keepMounted": False},
}
"""What all pickers have in common."""


def one(identity: str, label: str, options: Options, **style: Any) -> Any:
    """Return a picker of one thing."""
    data, value = options
    how: dict[str, Any] = {**HOW, "allowDeselect": False, **style}
    picker = dmc.Select(id=identity, label=label, data=data, value=value, checkIconPosition="right", **how)
    return html.Div([picker, typed_into(identity)], className="" if "w" in style else "pw-grow")


def typed_into(identity: str) -> Any:
    """Return where the browser notes what a person typed into a picker; see `offer_on_typing`."""
    return dcc.Store(id=f"{identity}-typed")


def several(identity: str, label: str, options: Options) -> Any:
    """Return a picker of any number of things; none stands for all."""
    data, value = options
    how: dict[str, Any] = {**HOW, "clearable": True, "hidePickedOptions": True}
    picker = dmc.MultiSelect(id=identity, label=label, data=data, value=value, placeholder="all", **how)
    return html.Div(picker, className="pw-grow")


def toolbar(rows: Iterable[Sequence[Any]], label: str) -> Any:
    """Return rows of pickers as one region."""
    body = [html.Div(list(row), className="pw-toolbar") for row in rows]
    return html.Div(html.Div(body, role="search", **aria(label=label)), className="pw-card")


def option(value: str, label: str = "") -> dict[str, str]:
    """Return what a picker offers."""
    return {"value": value, "label": printable(label or value)}


def options(values: Iterable[str] | Mapping[str, str], chosen: Any) -> Options:
    """Return options with what is chosen among them; a mapping gives their labels."""
    labels = values if isinstance(values, Mapping) else {value: value for value in values}
    data = [option(value, label) for value, label in labels.items() if value]
    if isinstance(chosen, (list, tuple)):
        return data, [value for value in chosen if value in labels]
    return data, chosen if chosen in labels else None


def offered(
    everything: Sequence[dict[str, str]], chosen: str | None, typed: str = ""
) -> list[dict[str, str]]:
    """Return the options that a picker gets: the first of those with what was typed, and the chosen one.

    Args:
        typed: into the picker; what stands in it because it is chosen asks for nothing.
    """
    asked = typed.strip().lower()
    if any(entry["label"].lower() == asked for entry in everything):
        asked = ""
    found = [entry for entry in everything if asked in entry["label"].lower()][:MOST_OFFERED]
    missing = [entry for entry in everything if entry["value"] == chosen and entry not in found]
    return [*found, *missing]


def offer_on_typing(app: Dash, identity: str, everything: Callable[[str], Sequence[dict[str, str]]]) -> None:
    """Let a picker of very many things find what it was not given.

    That a picker is filled is no typing, and nobody is asked about it: `assets/typing.js` listens to the
    keyboard.

    Args:
        everything: returns all options for the query of an address, always in the same order.
    """

    @app.callback(
        Output(identity, "data", allow_duplicate=True),
        Input(f"{identity}-typed", "data"),
        State(identity, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def offer(typed: str | None, chosen: str | None, search: str | None) -> list[dict[str, str]]:
        found = everything(search or "")
        if len(found) <= MOST_OFFERED or typed is None:
            raise PreventUpdate
        return offered(found, chosen, str(typed))
