"""The state of the compare page and its address: one value, two spellings."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dashboard.data.query import fields_of
from dashboard.looks.verdicts import LOOKS

_MOST_TEXT = 4096
_MOST_DIGITS = 9
_ALL = "all"
_VERDICTS = frozenset(look.key for look in LOOKS.values())
_OPERATORS = frozenset({"AND", "OR"})
_SCALARS = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class View:
    """What a person looks at on the compare page. Everything in it is as hostile as any address.

    Args:
        base, head: names or commits, as typed.
        machines, metrics, verdicts: what is shown; all where empty.
        text: what the case's name must contain.
        row: identity of the row that is open; see `dashboard.components.table.row_id`.
        sort: column and `asc` or `desc`, first key first.
        columns: filters of single columns, in ag-grid's own filter model.
        first: how many rows come before those that the table lists.
        whole: whether the table lists all rows at once, however many.
    """

    subject: str = ""
    base: str = ""
    head: str = ""
    machines: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    text: str = ""
    row: str = ""
    sort: tuple[tuple[str, str], ...] = ()
    columns: str = ""
    first: int = 0
    whole: bool = False

    @property
    def filters(self) -> dict[str, Any]:
        """The column filters as ag-grid takes them."""
        return json.loads(self.columns) if self.columns else {}


def parse(search: str) -> View:
    """Read the query of an address; what it cannot mean is as if it were not there."""
    fields = fields_of(search)

    def one(name: str) -> str:
        return fields.get(name, [""])[0][:_MOST_TEXT]

    return View(
        subject=one("subject"),
        base=one("base"),
        head=one("head"),
        machines=tuple(dict.fromkeys(fields.get("machine", ()))),
        metrics=tuple(dict.fromkeys(fields.get("metric", ()))),
        verdicts=tuple(v for v in dict.fromkeys(fields.get("verdict", ())) if v in _VERDICTS),
        text=one("text"),
        row=one("row"),
        sort=tuple(_sort_key(key) for key in fields.get("sort", ()) if _sort_key(key)[1]),
        columns=column_filters(_json(one("filter"))),
        first=_count(one("from")),
        whole=one("rows") == _ALL,
    )


def write(view: View) -> str:
    """Return the query of an address, `?` included; empty for a view of nothing in particular."""
    fields: list[tuple[str, str]] = [("subject", view.subject), ("base", view.base), ("head", view.head)]
    fields += [("machine", name) for name in view.machines]
    fields += [("metric", name) for name in view.metrics]
    fields += [("verdict", name) for name in view.verdicts]
    fields += [("text", view.text), ("filter", view.columns)]
    fields += [("sort", f"{column}:{way}") for column, way in view.sort]
    fields += [("from", str(view.first or "")), ("rows", _ALL if view.whole else ""), ("row", view.row)]
    query = urlencode([(name, value) for name, value in fields if value])
    return f"?{query}" if query else ""


def link(view: View) -> str:
    """Return the address of the compare page that shows `view`."""
    return f"/compare{write(view)}"


def column_filters(model: Any) -> str:
    """Return ag-grid's filter model in one canonical spelling; empty where it is none.

    Only plain data is let through: ag-grid's wrapper evaluates some objects as functions.
    """
    if not isinstance(model, dict) or not all(_is_filter(entry, nested=True) for entry in model.values()):
        return ""
    return json.dumps(model, sort_keys=True, separators=(",", ":")) if model else ""


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _is_filter(entry: Any, *, nested: bool) -> bool:
    if not isinstance(entry, dict) or "function" in entry:
        return False
    conditions = entry.get("conditions", [])
    plain = {key: value for key, value in entry.items() if key != "conditions"}
    if not isinstance(conditions, list) or plain.get("operator", "AND") not in _OPERATORS:
        return False
    below = all(_is_filter(condition, nested=False) for condition in conditions)
    return below and (nested or not conditions) and all(isinstance(v, _SCALARS) for v in plain.values())


def _sort_key(text: str) -> tuple[str, str]:
    column, _, way = text.rpartition(":")
    return column, way if way in ("asc", "desc") and column else ""
