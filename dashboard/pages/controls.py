"""What a person can choose on the compare page."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.pieces import aria
from dashboard.data.address import View
from dashboard.data.library import Shelf
from dashboard.data.rows import OUTCOME, metrics_of
from dashboard.data.selection import Selection
from dashboard.looks.verdicts import LOOKS
from dashboard.looks.wording import date_text
from dashboard.pages import filling
from dashboard.pages.filling import Options
from dashboard.pages.pickers import HOW, offered, typed_into
from pagewalk.model import Revision
from pagewalk.reports.wording import printable
from pagewalk.units import title_of_metric

PICKERS = ("subject", "base", "head", "machines", "metrics", "verdicts")
"""Identities of the pickers; each has options and a value."""


def toolbar(choices: dict[str, Options], text: str) -> Any:
    """Return the pickers, filled."""
    one: dict[str, Any] = {
        **HOW,
        "allowDeselect": False,
        "checkIconPosition": "right",
    }
    several: dict[str, Any] = {**HOW, "clearable": True, "hidePickedOptions": True}
    pickers = {
        "subject": dmc.Select(label="Subject", w=150, **_filled("subject", choices), **one),
        "base": dmc.Select(label="Base", className="pw-grow", **_filled("base", choices), **one),
        "head": dmc.Select(label="Head", className="pw-grow", **_filled("head", choices), **one),
        "machines": _several("Machines", "machines", choices, several),
        "metrics": _several("Metrics", "metrics", choices, several),
        "verdicts": _several("Verdicts", "verdicts", choices, several),
    }
    swap = dmc.Button("⇄", id="swap", variant="default", **aria(label="Swap base and head"))
    search = dmc.TextInput(
        id="text",
        label="Case contains",
        value=text,
        debounce=350,
        className="pw-grow",
        placeholder="churn 4096",
    )
    what = html.Div([pickers["subject"], pickers["base"], swap, pickers["head"]], className="pw-toolbar")
    typed = [typed_into(side) for side in ("base", "head")]
    which = [pickers["machines"], pickers["metrics"], pickers["verdicts"], search]
    return html.Div(
        [what, html.Div(which, className="pw-toolbar"), *typed],
        role="search",
        **aria(label="What to compare"),
    )


def filled(choices: dict[str, Options], view: View) -> dict[str, Any]:
    """Return what the page fills its controls with, by control and property."""
    return {**filling.filled(choices), "text.value": view.text, "grid.filterModel": view.filters}


def _filled(name: str, choices: dict[str, Options]) -> dict[str, Any]:
    options, value = choices[name]
    return {"id": name, "data": options, "value": value}


def _several(label: str, name: str, choices: dict[str, Options], how: dict[str, Any]) -> Any:
    # Mantine puts an element around it that takes no class
    return html.Div(
        dmc.MultiSelect(label=label, placeholder="all", **_filled(name, choices), **how), className="pw-grow"
    )


def choices_of(shelves: dict[str, Shelf], selection: Selection | None, view: View) -> dict[str, Options]:
    """Return options and value of every picker; without a selection, what can be chosen at all."""
    subjects = [_option(name, name) for name in shelves]
    if selection is None:
        shelf = shelves.get(view.subject)
        revisions = offered(revision_options(shelf), None) if shelf else []
        chosen = {
            "subject": (subjects, view.subject or None),
            "base": (revisions, None),
            "head": (revisions, None),
        }
        return {**{name: ([], []) for name in PICKERS}, **chosen}
    comparison = selection.comparison
    revisions = revision_options(selection.shelf)
    machines = [_option(machine.name, machine.name) for machine in comparison.machines]
    metrics = [_option(m, m if m == OUTCOME else title_of_metric(m)) for m in metrics_of(comparison)]
    verdicts = [_option(look.key, look.label) for look in LOOKS.values()]
    return {
        "subject": (subjects, selection.shelf.subject),
        "base": (offered(revisions, comparison.base.commit), comparison.base.commit),
        "head": (offered(revisions, comparison.head.commit), comparison.head.commit),
        "machines": (machines, _known(view.machines, machines)),
        "metrics": (metrics, _known(view.metrics, metrics)),
        "verdicts": (verdicts, list(view.verdicts)),
    }


def _known(chosen: Sequence[str], options: Sequence[dict[str, str]]) -> list[str]:
    known = {option["value"] for option in options}
    return [value for value in chosen if value in known]


def _option(value: str, label: str) -> dict[str, str]:
    return {"value": value, "label": printable(label)}


def revision_options(shelf: Shelf) -> list[dict[str, str]]:
    """Return what base and head can be chosen from, the newest first."""
    return _revisions(shelf.revisions)


@lru_cache(maxsize=8)
def _revisions(revisions: tuple[Revision, ...]) -> list[dict[str, str]]:
    return [_option(r.commit, f"{r.name} · {date_text(r)} · {r.commit[:7]}") for r in reversed(revisions)]
