"""The machines page: what each one is, when it ran last, how noisy it is, and what can be measured now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html

from dashboard.components.pieces import aria, facts, scrolling, table
from dashboard.data import doctor
from dashboard.data.catalogue import Catalogue
from dashboard.data.export import floors_csv
from dashboard.data.floors import holding, noise_over_time
from dashboard.data.library import Library
from dashboard.data.query import Query
from dashboard.data.trend import chosen
from dashboard.figures.noise import height_of, noise_figure
from dashboard.looks.wording import day_text, provenance_text
from dashboard.pages import pickers
from dashboard.pages.details import graph_config
from dashboard.pages.following import Filled, Page
from dashboard.pages.frame import frame, nothing
from pagewalk.errors import PagewalkError
from pagewalk.history.noise import MeasuredFloor
from pagewalk.index.answering.model import MachineSummary
from pagewalk.model import Missing
from pagewalk.reports.wording import count_of, printable
from pagewalk.units import bytes_, limit_text, title_of_metric

TITLE = "Machines"
PATH = "/machines"
FIELDS = ("subject",)
_ASV = ("machine", "version")
"""Fields of machine.json that say nothing more than the heading does."""


@dataclass(frozen=True, slots=True)
class MachinesPage:
    """The page over one catalogue; noise floors come from the results themselves."""

    catalogue: Catalogue
    library: Library

    @property
    def page(self) -> Page:
        return Page(
            PATH,
            FIELDS,
            FIELDS,
            (),
            self.fill,
            lambda query, name, values: query.but(**{name: values}),
            lambda query, _name, _value: query,
        )

    def layout(self, search: str) -> Any:
        """Return the whole page for an address."""
        query = Query.parse(search, FIELDS)
        filled = self.fill(query)
        row = [pickers.one("machines-subject", "Subject", filled.choices["subject"], w=190)]
        whole = frame(self.page, TITLE, [row], filled, query)
        whole.children.append(_doctor_section(doctor.at_hand()))
        return whole

    def register(self, app: Dash) -> None:
        """Connect the page; runners are asked after it is shown, since some of them take seconds."""
        self.page.register(app)

        @app.callback(Output("machines-doctor", "children"), Input("machines-doctor", "id"))
        def examine(_identity: str) -> Any:
            return _doctor(doctor.ask())

        @app.callback(
            Output("machines-download", "data"),
            Input({"floors-csv": ALL}, "n_clicks"),
            State("url", "search"),
            prevent_initial_call=True,
        )
        def export(clicks: list[int | None], search: str | None) -> Any:
            asked = ctx.triggered_id
            if not any(clicks) or not isinstance(asked, dict):
                return None
            machine = str(asked.get("floors-csv"))
            subject = chosen(Query.parse(search, FIELDS).one("subject"), self.catalogue.subjects(), "subject")
            known = {summary.machine.name for summary in self.catalogue.machines(subject)}
            floors = self.library.floors(subject, machine) if machine in known else ()
            return {"content": floors_csv(floors), "filename": "pagewalk-noise.csv", "type": "text/csv"}

    def fill(self, query: Query) -> Filled:
        """Answer an address; where it asks for what is not there, say so and what there is."""
        try:
            subject = chosen(query.one("subject"), self.catalogue.subjects(), "subject")
            machines = self.catalogue.machines(subject)
        except PagewalkError as error:
            return nothing(self.page, self.catalogue.subjects(), query, error)
        choices = {"subject": pickers.options(self.catalogue.subjects(), subject)}
        return Filled(
            choices,
            lambda: [[_machine(subject, m, self.library.floors(subject, m.machine.name)) for m in machines]],
        )


def _machine(subject: str, summary: MachineSummary, floors: Sequence[MeasuredFloor]) -> Any:
    machine = summary.machine
    kind = (
        f"{machine.architecture}, emulated: exact counters, no times"
        if machine.emulated
        else machine.architecture
    )
    head = [html.H2(printable(machine.name)), html.Span(printable(kind), className="pw-quiet")]
    known = [
        ("last run", "not known" if summary.last_run is None else day_text(summary.last_run)),
        ("results of", count_of(summary.revisions, "revision")),
        ("environments", printable(", ".join(summary.environments)) or "none"),
        *(
            (printable(name), _fact(name, value))
            for name, value in machine.facts.items()
            if value and name not in _ASV
        ),
    ]
    return html.Section(
        [
            html.Div(head, className="pw-card-head"),
            facts(known),
            html.H3("Noise floors"),
            _floors(subject, machine.name, floors),
        ],
        className="pw-card",
    )


def _fact(name: str, value: str) -> str:
    """Write memory for people: psutil's number of bytes is what asv records. Others write what they like."""
    return bytes_(float(value)) if name == "ram" and re.fullmatch(r"\d{7,18}", value) else printable(value)


def _floors(subject: str, machine: str, floors: Sequence[MeasuredFloor]) -> Any:
    if not floors:
        command = html.Code(f"pagewalk noise --subject {printable(subject)} --runner {printable(machine)}")
        return html.P(
            ["Nobody measured this machine against itself yet. Type ", command, "."], className="pw-quiet"
        )
    rows = [_floor(metric, found) for metric, found in holding(floors).items()]
    heads = ("metric", "cases", "median floor", "noisiest case", "when, at", "rests on")
    now = table(heads, rows, f"noise floors of {printable(machine)}")
    return html.Div([_over_time(machine, floors), now])


def _over_time(machine: str, floors: Sequence[MeasuredFloor]) -> Any:
    noise = noise_over_time(floors)
    graph = dcc.Graph(
        figure=noise_figure(noise),
        config=graph_config("toImage"),
        className="pw-graph",
        style={"height": f"{height_of(noise)}px"},
    )
    frame = html.Div(graph, style={"minWidth": "340px"})
    text = "A point: the median floor of the cases measured that day. Its bar: from the least to the worst."
    told = aria(label=f"Download CSV of {printable(machine)}")
    export = dmc.Button("Download CSV", id={"floors-csv": machine}, variant="default", size="xs", **told)
    note = html.Figcaption([text, " ", export])
    return html.Figure([scrolling(frame, f"noise floors of {printable(machine)} over time"), note])


def _floor(metric: str, found: Sequence[MeasuredFloor]) -> list[Any]:
    worst = max(found, key=lambda floor: floor.floor)
    newest = max(found, key=lambda floor: floor.taken)
    fewest = min(floor.comparisons for floor in found)
    return [
        printable(title_of_metric(metric)),
        str(len(found)),
        limit_text(median(floor.floor for floor in found)),
        f"{limit_text(worst.floor)}: {printable(str(worst.case))}",
        f"{day_text(newest.taken)}, {printable(newest.revision)}",
        f"{count_of(fewest, 'A/A comparison')} each, or more",
    ]


def _doctor_section(known: doctor.Answers | None) -> Any:
    """Return what doctor says; where that is not known yet, what asks it once the page is there."""
    waiting = html.P("Asking the runners of this machine …", className="pw-quiet")
    asking = html.Div(waiting, id="machines-doctor", **aria(live="polite"))
    body = html.Div(_doctor(known)) if known else asking
    note = html.Span("What can be measured on the machine that serves this page.", className="pw-quiet")
    head = html.Div([html.H2("Doctor"), note], className="pw-card-head")
    return html.Section([head, body], className="pw-card")


def _doctor(answers: doctor.Answers) -> list[Any]:
    rows = [[printable(a.name), printable(a.target), _state(a), _missing(a)] for a in answers.runners]
    heads = ("runner", "target", "what it can measure", "what it cannot, and why")
    broken = [html.Li(printable(problem)) for problem in answers.problems]
    return [
        table(heads, rows, "what doctor says"),
        *([html.Ul(broken)] if broken else []),
        *_harms(answers.runners),
    ]


def _harms(answers: Sequence[doctor.Answer]) -> list[Any]:
    """The states of machines that harm measurement, as `pagewalk doctor` explains them."""
    rows = [
        [printable(answer.machine), printable(advice.state), advice.why, advice.remedy]
        for answer in answers
        for advice in answer.advice
    ]
    heads = ("machine", "state", "what it does", "what to do")
    return [html.H3("What harms measurement"), table(heads, rows, "what harms measurement")] if rows else []


def _state(answer: doctor.Answer) -> Any:
    if answer.unavailable:
        return html.Span("✗ nothing", className="pw-broken")
    had = [name for name, value in answer.metrics.items() if not isinstance(value, Missing)]
    titles = [f"{title_of_metric(n)} ({_source(answer, n)})" for n in had]
    return [html.Span(f"✓ {count_of(len(had), 'metric')}: ", className="pw-fixed"), "; ".join(titles)]


def _source(answer: doctor.Answer, name: str) -> str:
    value = answer.metrics[name]
    return "" if isinstance(value, Missing) else provenance_text(value).partition(":")[0]


def _missing(answer: doctor.Answer) -> Any:
    if answer.unavailable:
        return printable(answer.unavailable)
    reasons: dict[str, list[str]] = {}
    for name, value in answer.metrics.items():
        if isinstance(value, Missing):
            reasons.setdefault(value.reason, []).append(title_of_metric(name))
    items = [html.Li(f"{', '.join(titles)}: {printable(reason)}") for reason, titles in reasons.items()]
    return html.Ul(items, className="pw-problems") if items else "nothing"
