"""The crashes page: revision × machine, each cell an outcome; the kinds there are; one record in full."""

from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html

from dashboard.components.pieces import commit_code, facts, panel, table
from dashboard.data.catalogue import Catalogue
from dashboard.data.crashes import FIELDS, Crashes, CrashKind, crashes, identity, worst
from dashboard.data.export import crashes_csv
from dashboard.data.library import Library
from dashboard.data.query import Query
from dashboard.data.timelines import Place
from dashboard.looks.states import look_of
from dashboard.looks.wording import revision_line
from dashboard.pages import pickers
from dashboard.pages.crash_record import crash_details, crash_facts
from dashboard.pages.following import Filled, Page
from dashboard.pages.frame import frame, nothing
from dashboard.pages.timeline_parts import timeline_section
from pagewalk.analysis.fingerprints import place_text
from pagewalk.errors import PagewalkError
from pagewalk.index.answering.model import CrashRow, IndexedRevision
from pagewalk.index.states import OK
from pagewalk.model import Case
from pagewalk.reports.wording import count_of, printable

TITLE = "Crashes"
PATH = "/crashes"
_PICKERS = ("subject", "machine", "kind")
_GESTURES = (("crashes-close", "n_clicks"),)


@dataclass(frozen=True, slots=True)
class CrashesPage:
    """The page over one catalogue."""

    catalogue: Catalogue
    library: Library

    @property
    def page(self) -> Page:
        return Page(
            PATH,
            FIELDS,
            _PICKERS,
            _GESTURES,
            self.fill,
            chosen,
            lambda query, *_: query.but(crash=""),
            "crash",
        )

    def layout(self, search: str) -> Any:
        """Return the whole page for an address."""
        query = Query.parse(search, FIELDS)
        filled = self.fill(query)
        one = filled.choices
        row = [
            pickers.one("crashes-subject", "Subject", one["subject"], w=150),
            pickers.several("crashes-machine", "Machines", one["machine"]),
            pickers.one("crashes-kind", "Kind", one["kind"], clearable=True, placeholder="all"),
        ]
        return frame(self.page, TITLE, [row], filled, query)

    def register(self, app: Dash) -> None:
        """Connect the page."""
        self.page.register(app)

        @app.callback(
            Output("crashes-download", "data"),
            Input("crashes-csv", "n_clicks"),
            State("url", "search"),
            prevent_initial_call=True,
        )
        def export(clicks: int | None, search: str | None) -> Any:
            if not clicks:
                return None
            text = crashes_csv(crashes(self.catalogue, Query.parse(search, FIELDS)).rows)
            return {"content": text, "filename": "pagewalk-crashes.csv", "type": "text/csv"}

    def fill(self, query: Query) -> Filled:
        """Answer an address; where it asks for what is not there, say so and what there is."""
        try:
            found = crashes(self.catalogue, query)
        except PagewalkError as error:
            return nothing(self.page, self.catalogue.subjects(), query, error)
        machines = [summary.machine.name for summary in self.catalogue.machines(found.subject)]
        kinds = {kind.fingerprint: f"{kind.fingerprint} · {_ended(kind.rows[0])}" for kind in found.kinds}
        choices = {
            "subject": pickers.options(self.catalogue.subjects(), found.subject),
            "machine": pickers.options(machines, query.many("machine")),
            "kind": pickers.options(kinds, query.one("kind")),
        }
        return Filled(
            choices, lambda: [[_kinds(found, query), _matrix(found, query)]], lambda: self._record(found)
        )

    def _record(self, found: Crashes) -> Any:
        """Return the panel with the record that is open, and the time line that was kept of it."""
        row = found.opened
        if row is None:
            return panel("crashes-", "", [])
        case = Case(row.benchmark, row.params)
        place = Place(found.subject, str(case), row.machine, row.revision.commit)
        line = timeline_section(self.library, place)
        return panel("crashes-", printable(str(case)), [*_told(row), line])


def chosen(query: Query, name: str, values: tuple[str, ...]) -> Query:
    """Return the query that follows on a choice; what meant something only before it is forgotten."""
    forgotten = {"machine": "", "kind": "", "crash": ""} if name == "subject" else {"crash": ""}
    return query.but(**{**forgotten, name: values})


def _ended(row: CrashRow) -> str:
    how = row.signal or (f"exit {row.exit_status}" if row.exit_status is not None else row.outcome)
    function = place_text(row.crash)
    return f"{how} {function} ({row.benchmark})" if function else f"{how} in {row.benchmark}"


def _kinds(found: Crashes, query: Query) -> Any:
    export = dmc.Button("Download CSV", id="crashes-csv", variant="default", size="xs")
    hint = html.Span("Executions that ended alike, by fingerprint.", className="pw-quiet pw-grow")
    head = html.Div([html.H2("Kinds"), hint, export], className="pw-card-head")
    kinds = [kind for kind in found.kinds if query.one("kind") in ("", kind.fingerprint)]
    if not kinds:
        text = f"Nothing of {printable(found.subject)} crashed, failed or ran out of time on these machines."
        return html.Section([head, html.P(text)], className="pw-card")
    heads = ("fingerprint", "how it ends", "executions", "machines", "first seen", "last seen")
    return html.Section(
        [head, table(heads, [_kind(k, query) for k in kinds], "kinds of crashes")], className="pw-card"
    )


def _kind(kind: CrashKind, query: Query) -> list[Any]:
    newest = kind.rows[0]
    look = look_of(newest.outcome)
    return [
        dcc.Link(html.Code(printable(kind.fingerprint)), href=_href(query.but(crash=identity(newest)))),
        html.Span(f"{look.mark} {printable(_ended(newest))}", className=f"pw-{look.key}"),
        str(kind.executions),
        printable(", ".join(kind.machines)),
        revision_line(kind.first),
        revision_line(kind.last),
    ]


def _matrix(found: Crashes, query: Query) -> Any:
    head = html.Div([html.H2("Revision × machine")], className="pw-card-head")
    if not found.revisions:
        text = html.P("Every case of every commit ended well.", className="pw-quiet")
        return html.Section([head, text], className="pw-card")
    rows = [
        [_revision(r), *(_cell(found, r, machine, query) for machine in found.machines)]
        for r in found.revisions
    ]
    left = f" {count_of(found.left_out, 'older commit')} are in the CSV." if found.left_out else ""
    note = f"Newest first; commits where something did not end well, and their neighbours.{left}"
    grid = table(("revision", *map(printable, found.machines)), rows, "outcomes by revision and machine")
    return html.Section([head, grid, html.P(note, className="pw-quiet")], className="pw-card")


def _revision(revision: IndexedRevision) -> Any:
    return [printable(revision.name), html.Div(revision_line(revision), className="pw-quiet")]


def _cell(found: Crashes, revision: IndexedRevision, machine: str, query: Query) -> Any:
    counts = found.cells.get((revision.commit, machine))
    if counts is None:
        return html.Span("· not run", className="pw-quiet")
    state = worst(counts)
    look = look_of(state)
    label = f"{look.mark} {look.word}"
    if state == OK:
        return html.Span(label, className=f"pw-{look.key}")
    row = next((r for r in found.rows if (r.revision.commit, r.machine) == (revision.commit, machine)), None)
    text = f"{label} ({counts[state]})"
    if row is None:
        return html.Span(text, className=f"pw-badge pw-{look.key}")
    return dcc.Link(text, href=_href(query.but(crash=identity(row))), className=f"pw-badge pw-{look.key}")


def _href(query: Query) -> str:
    return f"{PATH}{query.write()}"


def _told(row: CrashRow) -> list[Any]:
    """Return all that is known of one record."""
    known = [
        (
            "outcome",
            f"{look_of(row.outcome).mark} {look_of(row.outcome).word}, {count_of(row.count, 'execution')}",
        ),
        *crash_facts(row.crash),
        ("machine", printable(row.machine)),
        ("revision", revision_line(row.revision)),
        ("commit", commit_code(row.revision.commit, row.revision.page)),
        ("fingerprint", html.Code(printable(row.fingerprint))),
    ]
    return [facts(known), *crash_details(row.crash)]
