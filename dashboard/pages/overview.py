"""The overview: per subject what has results, what was compared last, and what needs attention."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from dash import dcc, html

from dashboard.components.pieces import badge, counts, disclosure, problem, scrolling, unreadable
from dashboard.data.address import View, link
from dashboard.data.catalogue import Catalogue
from dashboard.data.library import Library, Shelf
from dashboard.data.pairs import Pair
from dashboard.data.rows import Row, all_rows
from dashboard.data.selection import handle
from dashboard.looks.verdicts import LOOKS
from dashboard.looks.wording import case_text, crash_tag, date_text, per_operation
from dashboard.pages.attention import attention
from pagewalk.analysis.comparison import Comparison, OutcomeRow
from pagewalk.analysis.summary import summary
from pagewalk.analysis.verdict import Verdict
from pagewalk.errors import PagewalkError
from pagewalk.model import Machine, Revision
from pagewalk.reports.wording import count_of, printable, row_change, row_values
from pagewalk.units import unit_of_metric

TITLE = "Overview"
_MOST_PAIRS = 6
_MOST_ALARMS = 6
_MOST_TRIED = 24
_MOST_REVISIONS = 25
"""A browser takes seconds to draw the thousands of cells of a long history."""
_MANY = 300
"""Benchmarks from which on no pair is judged before somebody asks for it."""
_ALARMING = (Verdict.BROKEN, Verdict.REGRESSED)


def overview(library: Library, catalogue: Catalogue, *, allow_triage: bool = False) -> Any:
    """Return the whole page.

    Args:
        allow_triage: whether decisions about findings may be written.
    """
    try:
        shelves = list(library.shelves().values())
    except PagewalkError as error:
        return _page([problem(error), _how_to_begin()])
    if not shelves:
        return _page([_how_to_begin()])
    return _page(
        [_subject(library, shelf, _now(library, catalogue, shelf, allow_triage)) for shelf in shelves]
    )


def _page(body: list[Any]) -> Any:
    heading = html.Div(
        [html.H1("Overview"), html.P("What the latest measurements say, per subject.", className="pw-quiet")]
    )
    return html.Div([heading, *body], className="pw-page")


def _how_to_begin() -> Any:
    return html.Section(
        [
            html.H2("No results yet"),
            html.P("Measure two revisions, turn by turn, and they appear here:"),
            html.Pre("pagewalk compare BASE HEAD"),
            html.P("Or watch it work on the subjects that come with it:"),
            html.Pre("make demo"),
        ],
        className="pw-card",
    )


def _now(library: Library, catalogue: Catalogue, shelf: Shelf, allow_triage: bool) -> Any:
    return attention(catalogue, library, shelf.subject, allow_triage=allow_triage)


def _compared(library: Library, shelf: Shelf) -> list[tuple[Pair, Comparison]]:
    """The newest pairs that share a case: neighbours in time that do not were never meant to be compared."""
    if shelf.benchmarks > _MANY:
        return []
    judged = (
        (p, library.comparison(shelf.subject, p.base.commit, p.head.commit))
        for p in shelf.pairs[:_MOST_TRIED]
    )
    shared = ((p, c) for p, c in judged if any(r.verdict for r in c.metrics) or any(c.outcomes))
    return list(islice(shared, _MOST_PAIRS))


def _subject(library: Library, shelf: Shelf, now: Any) -> Any:
    compared = _compared(library, shelf)
    facts = f"{count_of(len(shelf.revisions), 'revision')} · {count_of(len(shelf.machines), 'machine')}"
    head = html.Div(
        [html.H2(printable(shelf.subject)), html.Span(facts, className="pw-quiet")], className="pw-card-head"
    )
    alarms = _alarms(shelf, compared[0][1]) if compared else None
    return html.Section(
        [head, unreadable(shelf.problems), now, alarms, _pairs(shelf, compared), _coverage(shelf)],
        className="pw-card",
    )


def _view(shelf: Shelf, base: Revision, head: Revision) -> View:
    return View(subject=shelf.subject, base=handle(base, shelf.revisions), head=handle(head, shelf.revisions))


def _alarms(shelf: Shelf, newest: Comparison) -> Any:
    """The worst of the newest pair, by name: what somebody opens this page for."""
    view = _view(shelf, newest.base, newest.head)
    found = [row for row in all_rows(newest) if row.verdict in _ALARMING]
    if not found:
        return None
    items = [html.Li(_alarm(row, view)) for row in found[:_MOST_ALARMS]]
    rest = len(found) - len(items)
    if rest:
        worst = tuple(verdict.value for verdict in _ALARMING)
        items.append(html.Li(dcc.Link(f"{rest} more", href=link(replace(view, verdicts=worst)))))
    return html.Div([html.H3("The newest comparison"), html.Ul(items, className="pw-alarms")])


def _alarm(row: Row, view: View) -> list[Any]:
    cells = [cell for cell in row.cells.values() if cell.verdict is row.verdict]
    first = cells[0]
    if isinstance(first, OutcomeRow):
        size = f"{first.head.outcome} {crash_tag(first.head.crash)}".strip()
    else:
        size = f"{row_values(first)}{per_operation(unit_of_metric(first.metric))}, {row_change(first)}"
    where = first.machine if len(cells) == 1 else f"{len(cells)} machines"
    name = dcc.Link(
        f"{case_text(row.case)} · {row.title}",
        href=link(replace(view, row=row.id)),
        className="pw-strong",
    )
    return [badge(row.verdict), name, html.Span(f"{size}, on {printable(where)}", className="pw-quiet")]


def _pairs(shelf: Shelf, compared: Sequence[tuple[Pair, Comparison]]) -> Any:
    if not compared and shelf.pairs:
        return _uncompared(shelf)
    if not compared:
        text = f"No two revisions of {printable(shelf.subject)} were measured on one machine yet."
        return html.P([text, " Type ", html.Code("pagewalk compare BASE HEAD"), "."], className="pw-quiet")
    heads = [html.Th("base → head", scope="col")]
    heads += [html.Th(_machine(machine), scope="col") for machine in shelf.machines]
    body = [_pair(shelf, pair, comparison) for pair, comparison in compared]
    parts = [html.Caption("Compared"), html.Thead(html.Tr(heads)), html.Tbody(body)]
    table = html.Table(parts, className="pw-table pw-stack pw-standing")
    return scrolling(table, f"compared pairs of {printable(shelf.subject)}")


def _uncompared(shelf: Shelf) -> Any:
    items = [
        html.Li(
            dcc.Link(
                f"{printable(p.base.name)} → {printable(p.head.name)}",
                href=link(_view(shelf, p.base, p.head)),
            )
        )
        for p in shelf.pairs[:_MOST_PAIRS]
    ]
    return html.Div([html.H3("Compare"), html.Ul(items)])


def _machine(machine: Machine) -> list[Any]:
    kind = f"{machine.architecture}, emulated" if machine.emulated else machine.architecture
    return [printable(machine.name), html.Br(), html.Span(printable(kind), className="pw-quiet")]


def _pair(shelf: Shelf, pair: Pair, comparison: Comparison) -> Any:
    view = _view(shelf, pair.base, pair.head)
    found = summary(comparison)
    together = "measured turn by turn" if pair.sitting else "measured apart"
    name = dcc.Link(
        [printable(pair.base.name), html.Span("→", className="pw-arrow"), printable(pair.head.name)],
        href=link(view),
        className="pw-strong",
    )
    about = html.Div(f"{date_text(pair.head)} · {together}", className="pw-quiet")
    cells = [_machine_cell(view, machine, found.get(machine.name)) for machine in shelf.machines]
    return html.Tr([html.Th([name, about], scope="row"), *cells])


def _machine_cell(view: View, machine: Machine, found: dict[Verdict | None, int] | None) -> Any:
    label: dict[str, Any] = {"data-label": printable(machine.name)}
    if found is None:
        return html.Td(html.Span("not run", className="pw-quiet"), **label)
    here = replace(view, machines=(machine.name,))
    hrefs = {verdict: link(replace(here, verdicts=(LOOKS[verdict].key,))) for verdict in found}
    return html.Td(counts(found, hrefs), **label)


def _coverage(shelf: Shelf) -> Any:
    heads = [html.Th("revision", scope="col"), html.Th("commit", scope="col"), html.Th("date", scope="col")]
    heads += [html.Th(printable(machine.name), scope="col") for machine in shelf.machines]
    table = html.Table(
        [html.Thead(html.Tr(heads)), html.Tbody(list(_coverage_rows(shelf)))], className="pw-table"
    )
    parts = [scrolling(table, f"results of {printable(shelf.subject)}")]
    older = len(shelf.revisions) - _MOST_REVISIONS
    if older > 0:
        where = f"{count_of(older, 'older revision')}: choose any of them on the pages Compare and History."
        parts.append(html.P(where, className="pw-quiet"))
    return disclosure("Which revisions have results, and where", html.Div(parts))


def _coverage_rows(shelf: Shelf) -> Iterator[Any]:
    covered = dict(shelf.coverage)
    for revision in islice(reversed(shelf.revisions), _MOST_REVISIONS):
        marks = [
            html.Td("● yes" if machine.name in covered[revision.commit] else "– no")
            for machine in shelf.machines
        ]
        name = html.Th(printable(revision.name), scope="row")
        commit = html.Td(html.Code(printable(revision.commit)[:12]))
        yield html.Tr([name, commit, html.Td(date_text(revision)), *marks])
