"""Pickers of the newer pages: one look, filled from what can be chosen."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components import aria
from dashboard.pages.following import Options
from pagewalk.reports.wording import printable


def one(identity: str, label: str, options: Options, **style: Any) -> Any:
    """Return a picker of one thing."""
    data, value = options
    how: dict[str, Any] = {"searchable": True, "allowDeselect": False, "limit": 200, **style}
    picker = dmc.Select(id=identity, label=label, data=data, value=value, checkIconPosition="right", **how)
    return html.Div(picker, className="" if "w" in style else "pw-grow")


def several(identity: str, label: str, options: Options) -> Any:
    """Return a picker of any number of things; none stands for all."""
    data, value = options
    how: dict[str, Any] = {"searchable": True, "clearable": True, "hidePickedOptions": True, "limit": 200}
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
