"""One commit of the history page in full: what it is, what to compare it with, and every value at it."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.pieces import commit_code, facts, panel, table
from dashboard.data.address import View
from dashboard.data.address import link as compare_link
from dashboard.data.lines import Line
from dashboard.data.query import Query
from dashboard.data.searches import question_link
from dashboard.data.trend import Trend
from dashboard.looks.wording import provenance_text, revision_line
from dashboard.pages.history_table import cell_text
from pagewalk.analysis.regressions import SeriesName
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.index.states import OK
from pagewalk.model import Case
from pagewalk.reports.wording import printable


def opened(found: Trend, query: Query) -> Any:
    """Return the panel with the commit that is open; hidden where none is."""
    return panel("history-", *_commit(found, query))


def _commit(found: Trend, query: Query) -> tuple[str, list[Any]]:
    """Return title and content of the panel; nothing where no commit is open."""
    asked = query.one("commit")
    if not asked:
        return "", []
    revision = next(
        (r for line in found.lines for r in line.series.revisions if r.commit[:12] == asked), None
    )
    if revision is None:
        return printable(asked), [html.P("No series shown here knows such a commit.")]
    before = _before(found.lines, revision)
    rows = [
        ("commit", commit_code(revision.commit, revision.page)),
        ("subject line", printable(revision.title) or "not known: the repository is not at hand"),
        ("date", revision_line(revision).partition(" · ")[0]),
    ]
    return f"{printable(revision.name)}", [
        facts(rows),
        _compare(found, before, revision),
        _bisect(found, before, revision),
        _values(found.lines, before, revision),
    ]


def _before(lines: Sequence[Line], revision: IndexedRevision) -> IndexedRevision | None:
    """Return the latest commit before it that any of the lines has a value of."""
    found = [
        r
        for line in lines
        for r, state in zip(line.series.revisions, line.series.states, strict=True)
        if r.position < revision.position and state == OK
    ]
    return max(found, key=lambda r: r.position, default=None)


def _compare(found: Trend, before: IndexedRevision | None, revision: IndexedRevision) -> Any:
    if before is None:
        return html.P("It is the first commit with a value.", className="pw-quiet")
    view = View(subject=found.subject, base=before.commit, head=revision.commit)
    return html.P(
        dcc.Link(
            f"Compare with {printable(before.name)}, the commit before",
            href=compare_link(view),
            className="pw-strong",
        )
    )


def _bisect(found: Trend, before: IndexedRevision | None, revision: IndexedRevision) -> Any:
    """The way to whoever is to blame among commits that were not measured; of pagewalk's own benchmarks."""
    if before is None or not found.metric:
        return None
    key = found.lines[0].series.key
    series = SeriesName(key.machine, Case(found.workload, key.params), found.metric)
    return html.P(
        dcc.Link("Bisect it", href=question_link(found.subject, before.commit, revision.commit, series))
    )


def _values(lines: Sequence[Line], before: IndexedRevision | None, revision: IndexedRevision) -> Any:
    cells = []
    for line in lines:
        place = {r.commit: at for at, r in enumerate(line.series.revisions)}
        at = place.get(revision.commit)
        earlier = place.get(before.commit) if before else None
        cells.append(
            [
                printable(
                    " · ".join(part for part in (line.panel, line.label) if part) or line.series.key.benchmark
                ),
                cell_text(line, earlier),
                cell_text(line, at),
                provenance_text(line.series.provenance),
            ]
        )
    return table(
        ("series", "commit before", "this commit", "how it was obtained"), cells, "values at this commit"
    )
