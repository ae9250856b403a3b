"""Flame graphs as documents of their own below the dashboard, for its frame and for whoever saves them."""

from collections.abc import Callable, Mapping

from flask import Flask, Response, request

from dashboard.data.catalogue import Catalogue
from dashboard.data.library import Library
from dashboard.data.profiles import FIELDS, Shown, shown
from dashboard.data.query import Query
from dashboard.data.spreadsheet import Cell, spreadsheet
from pagewalk.analysis.profiles import SymbolChange, grow, pooled
from pagewalk.analysis.profiles.folded import render_folded
from pagewalk.errors import PagewalkError
from pagewalk.reports.flame import policy, render_page, render_speedscope
from pagewalk.reports.flame.folded import render_difference

PATH = "/flame"


def page_text(found: Shown) -> str:
    """Return the graph as a page."""
    base = pooled(found.base) if found.base else None
    return render_page(grow(pooled(found.head), base), found.text(), found.changes())


def folded_text(found: Shown) -> str:
    """Return the stacks, of two commits with both counts."""
    head = pooled(found.head)
    return render_difference(pooled(found.base), head) if found.base else render_folded(head)


def speedscope_text(found: Shown) -> str:
    """Return a file for speedscope."""
    text = found.text()
    sides = {text.base: pooled(found.base)} if found.base else {}
    return render_speedscope({**sides, text.head: pooled(found.head)}, text.title)


COLUMNS = ("function", "base", "head", "own base", "own head", "change", "low", "high", "q", "shown")


def csv_text(found: Shown) -> str:
    """Return the functions: shares from 0 to 1, the change with its interval."""
    return spreadsheet(COLUMNS, map(_line, found.changes()))


def _line(one: SymbolChange) -> tuple[Cell, ...]:
    shift = (one.shift.estimate, one.shift.low, one.shift.high)
    return (one.name, one.base, one.head, one.own_base, one.own_head, *shift, one.q, str(one.shown))


def arguments_text(found: Shown) -> str:
    """Return calls by the values of each argument of a probed function."""
    counted = ((argument.name, one) for argument in found.arguments() for one in argument.buckets)
    columns = ("argument", "low", "high", "base", "head")
    return spreadsheet(columns, ((name, one.low, one.high, one.base, one.head) for name, one in counted))


FORMS: Mapping[str, tuple[Callable[[Shown], str], str]] = {
    "html": (page_text, "text/html; charset=utf-8"),
    "folded": (folded_text, "text/plain; charset=utf-8"),
    "speedscope.json": (speedscope_text, "application/json"),
    "csv": (csv_text, "text/csv; charset=utf-8"),
    "arguments.csv": (arguments_text, "text/csv; charset=utf-8"),
}
"""By ending: what renders a file, and its type."""


def register(server: Flask, catalogue: Catalogue, library: Library) -> None:
    """Serve `/flame/graph` for the frame, and each of FORMS for saving."""

    @server.get(f"{PATH}/<form>")
    def flame(form: str) -> Response:
        framed = form == "graph"
        render, kind = FORMS.get("html" if framed else form, (None, ""))
        if render is None:
            return Response("There is no such file.", 404, mimetype="text/plain")
        query = Query.parse(request.query_string.decode("utf-8", "replace"), FIELDS)
        try:
            text = render(shown(catalogue, library, query))
        except PagewalkError as error:
            return Response(str(error), 404, mimetype="text/plain")
        response = Response(text, content_type=kind)
        if framed:
            response.headers["Content-Security-Policy"] = f"{policy()}; frame-ancestors 'self'"
        else:
            response.headers["Content-Disposition"] = f'attachment; filename="pagewalk-profile.{form}"'
        return response
