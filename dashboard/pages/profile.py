"""The profile page: a flame graph of one commit, or of the difference of two, in a frame of its own."""

from dataclasses import dataclass
from typing import Any

from dash import Dash, dcc, html

from dashboard.components.pieces import aria, problem
from dashboard.data import flames, timelines
from dashboard.data.catalogue import Catalogue
from dashboard.data.library import Library
from dashboard.data.profiles import FIELDS, Choices, choices, shown
from dashboard.data.query import Query
from dashboard.data.timelines import Place
from dashboard.pages import pickers
from dashboard.pages.argument_parts import argument_sections
from dashboard.pages.following import Filled, Page
from dashboard.pages.frame import frame, nothing
from dashboard.pages.timeline_parts import timeline_section
from pagewalk.errors import PagewalkError
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.reports.wording import printable

TITLE = "Profile"
PATH = "/profile"
_PROBE = "probe_"  # how events of probes begin in the names of files
_FILES = {"html": "one HTML file", "folded": "folded stacks", "speedscope.json": "speedscope", "csv": "CSV"}


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """The page over the profiles in one results root."""

    catalogue: Catalogue
    library: Library

    @property
    def page(self) -> Page:
        return Page(PATH, FIELDS, FIELDS, (), self.fill, chosen, lambda query, *_: query)

    def layout(self, search: str) -> Any:
        """Return the whole page for an address."""
        query = Query.parse(search, FIELDS)
        filled = self.fill(query)
        one = filled.choices
        first = [
            pickers.one("profile-subject", "Subject", one["subject"], w=150),
            pickers.one("profile-case", "Case", one["case"]),
            pickers.one("profile-machine", "Machine", one["machine"], w=180),
            pickers.one("profile-event", "Event", one["event"], w=150),
        ]
        second = [
            pickers.one("profile-base", "Before", one["base"], clearable=True, placeholder="none"),
            pickers.one("profile-head", "After", one["head"]),
        ]
        return frame(self.page, TITLE, [first, second], filled, query)

    def register(self, app: Dash) -> None:
        """Connect the page, and serve its graphs."""
        self.page.register(app)
        flames.register(app.server, self.catalogue, self.library)
        timelines.register(app.server, self.library)

    def fill(self, query: Query) -> Filled:
        """Answer an address; where it asks for what is not there, say so and what there is."""
        try:
            found = choices(self.catalogue, self.library, query)
        except PagewalkError as error:
            return nothing(self.page, self.catalogue.subjects(), query, error)
        revisions = {revision.commit[:8]: revision.name for revision in found.revisions}
        options = {
            "subject": pickers.options(self.catalogue.subjects(), found.subject),
            "case": pickers.options(found.cases, found.slug),
            "machine": pickers.options(found.machines, found.machine),
            "event": pickers.options(found.events, found.event),
            "base": pickers.options(revisions, found.base.commit[:8] if found.base else None),
            "head": pickers.options(revisions, found.head.commit[:8]),
        }
        return Filled(
            options, lambda: [[_graph(found), *self._arguments(found, query), self._timeline(found)]]
        )

    def _arguments(self, found: Choices, query: Query) -> list[Any]:
        """Return histograms where the calls of a function were recorded: only these can have any."""
        if not found.event.startswith(_PROBE):
            return []
        try:
            return argument_sections(shown(self.catalogue, self.library, query))
        except PagewalkError as error:
            return [problem(error)]

    def _timeline(self, found: Choices) -> Any:
        place = Place(found.subject, found.slug, found.machine, found.head.commit)
        return timeline_section(self.library, place)


def chosen(query: Query, name: str, values: tuple[str, ...]) -> Query:
    """Return the query that follows on a choice; what meant something only before it is forgotten."""
    order = ("subject", "case", "machine", "event")
    after = order[order.index(name) + 1 :] if name in order else ()
    sides = ("base", "head") if name in order else ()
    return query.but(**dict.fromkeys((*after, *sides), ""), **{name: values})


def settled(found: Choices) -> Query:
    """Return the query with everything said that the page chose by itself."""
    return Query(FIELDS).but(
        subject=found.subject,
        case=found.slug,
        machine=found.machine,
        event=found.event,
        base=found.base.commit[:8] if found.base else "",
        head=found.head.commit[:8],
    )


def _graph(found: Choices) -> Any:
    asked = settled(found).write()
    name = printable(found.cases[found.slug])
    sides = _side(found.head) if found.base is None else f"{_side(found.base)} → {_side(found.head)}"
    forms = {**_FILES, **({"arguments.csv": "values"} if found.event.startswith(_PROBE) else {})}
    links = [
        html.A(text, href=f"{flames.PATH}/{form}{asked}", download=f"pagewalk-profile.{form}")
        for form, text in forms.items()
    ]
    head = [
        html.H2(name),
        html.Span(sides, className="pw-quiet pw-grow"),
        html.Span(["Save as ", *_between(links)], className="pw-quiet"),
    ]
    if found.base is not None:
        compare = f"/compare?subject={found.subject}&base={found.base.commit}&head={found.head.commit}"
        head.append(dcc.Link("Compare their numbers", href=compare))
    graph = html.Iframe(
        src=f"{flames.PATH}/graph{asked}", title=f"flame graph of {name}", className="pw-flame"
    )
    return html.Section(
        [html.Div(head, className="pw-card-head"), graph], className="pw-card", **aria(label="profile")
    )


def _side(revision: IndexedRevision) -> str:
    return printable(revision.name)


def _between(links: list[Any]) -> list[Any]:
    return [part for link in links for part in (link, " · ")][:-1]
