"""The view that follows from what a person did. Values come from a browser and are hostile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard.data.address import View, column_filters
from dashboard.data.library import Shelf
from dashboard.data.selection import Selection, find_revision, handle
from pagewalk.errors import PagewalkError

Sort = tuple[tuple[str, str], ...]
_GESTURES = frozenset({"opened", "clicked", "close"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A control got a new value, while the page was filled with `shown`.

    The address may be ahead of the page, when somebody goes back twice in a hurry. So whether a value
    is new is told by what the page was filled with, and what follows from it is told of the address.

    Args:
        selection: what `shown` stands for; None where it stands for nothing.
        shelves: what can be chosen from.
    """

    shown: View
    selection: Selection | None
    shelves: Mapping[str, Shelf]

    def after(self, view: View, control: str, value: Any) -> View:
        """Return the view that follows on `view`; `view` itself where the value says nothing new.

        Pickers also "change" when the page fills them, and grids when they are built, so
        "nothing new" is the usual case.
        """
        if control in _GESTURES:
            return _opened(view, control, value)
        nothing_new = self._chosen(self.shown, control, value) == self.shown
        # What is narrowed or sorted anew begins with its first row
        return view if nothing_new else replace(self._chosen(view, control, value), first=0)

    def _chosen(self, view: View, control: str, value: Any) -> View:
        match control:
            case "subject":
                return self._subject(view, _word(value))
            case "base" | "head":
                return self._revision(view, control, _word(value))
            case "swap":
                return self._swapped(view)
            case "machines" | "metrics" | "verdicts":
                chosen: dict[str, Any] = {control: _words(value)}
                return replace(view, **chosen)
            case _:
                return _in_place(view, control, value)

    def _subject(self, view: View, subject: str) -> View:
        shown = self.selection.shelf.subject if self.selection else self.shown.subject
        # Nothing else of a view means anything in another subject
        return view if subject in ("", shown) else View(subject=subject)

    def _revision(self, view: View, side: str, commit: str) -> View:
        shelf = self.selection.shelf if self.selection else self.shelves.get(self.shown.subject)
        if shelf is None or not commit or commit == self._commits().get(side):
            return view
        chosen = {**self._commits(), side: commit}
        names: dict[str, Any] = {name: _handle(shelf, text) for name, text in chosen.items()}
        return replace(view, subject=shelf.subject, **names)

    def _swapped(self, view: View) -> View:
        if self.selection is None:
            return replace(view, base=self.shown.head, head=self.shown.base)
        commits, shelf = self._commits(), self.selection.shelf
        base, head = (_handle(shelf, commits[side]) for side in ("head", "base"))
        return replace(view, subject=shelf.subject, base=base, head=head)

    def _commits(self) -> dict[str, str]:
        if self.selection is None:
            return {}
        comparison = self.selection.comparison
        return {"base": comparison.base.commit, "head": comparison.head.commit}


def _in_place(view: View, control: str, value: Any) -> View:
    """What narrows and orders the rows without a picker."""
    match control:
        case "text":
            return replace(view, text=_word(value))
        case "sort":
            return replace(view, sort=sort_of(value, view.sort))
        case "filter":
            return replace(view, columns=column_filters(value))
        case _:
            return view


def _opened(view: View, control: str, value: Any) -> View:
    """What opens a row, or closes it. Only a person clicks, so every gesture is news."""
    if control == "close":
        return replace(view, row="")
    row = _word(_field(value, "rowId")) if control == "opened" else _clicked(value)
    return replace(view, row=row) if row else view


def sort_of(state: Any, before: Sort) -> Sort:
    """Return what ag-grid's column state sorts by; what it was before where there are no columns yet."""
    columns = [column for column in _list(state) if isinstance(column, dict)]
    if not columns:
        return before
    active = [column for column in columns if column.get("sort") in ("asc", "desc")]
    active.sort(key=lambda column: n if isinstance(n := column.get("sortIndex"), int) else 0)
    return tuple((_word(column.get("colId")), column["sort"]) for column in active)


def _clicked(value: Any) -> str:
    """Return the identity of the row of a clicked point, as plotly reports it."""
    points = _field(value, "points")
    first = points[0] if isinstance(points, list) and points else None
    return _word(_field(first, "customdata"))


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _handle(shelf: Shelf, commit: str) -> str:
    try:
        return handle(find_revision(shelf, commit), shelf.revisions)
    except PagewalkError:
        return commit


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in _list(value) if isinstance(name, str) and name))


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""
