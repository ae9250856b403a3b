"""What needs attention now, as the overview shows it, and what people decide about it."""

import getpass
import time
from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import MATCH, Dash, Input, Output, State, dcc, html

from dashboard.components.pieces import badge, disclosure
from dashboard.data.attention import Alarm, alarms
from dashboard.data.benchmarks import split
from dashboard.data.catalogue import Catalogue
from dashboard.data.crashes import identity
from dashboard.data.library import Library
from dashboard.data.query import Query
from dashboard.data.trend import history_link
from dashboard.figures.spark import HEIGHT, WIDTH, spark
from dashboard.looks.wording import change_text, day_text, per_operation
from pagewalk.analysis.regressions import SeriesName
from pagewalk.analysis.verdict import Verdict
from pagewalk.errors import PagewalkError
from pagewalk.history.triage import Decision, Finding, Kind, Note, read, record
from pagewalk.index.answering.model import Regression, Series, WorstSeries
from pagewalk.model import Case
from pagewalk.reports.wording import count_of, printable
from pagewalk.units import quantity, title_of_metric

MOST = 8
"""Alarms of a subject on the overview; what is settled is folded away."""
_MOST_SETTLED = 50

_DECISIONS = {
    Decision.ACKNOWLEDGED: "acknowledge",
    Decision.FALSE_ALARM: "false alarm",
    Decision.FIXED: "fixed by a commit",
    Decision.OPEN: "take back",
}


def attention(catalogue: Catalogue, library: Library, subject: str, *, allow_triage: bool) -> Any:
    """Return the section of a subject; None where nothing needs attention and nothing was decided."""
    changes = catalogue.changes(subject)
    history = library.history(subject)
    notes = read(history.folder)[0] if history else {}
    found = alarms(changes.regressions, catalogue.crashes(subject), _newest(catalogue, subject), notes)
    if not found and changes.complete:
        return None
    now = [alarm for alarm in found if not alarm.settled]
    settled = [alarm for alarm in found if alarm.settled]
    first, folded = now[:MOST], settled[:_MOST_SETTLED]
    drawn = _drawn(catalogue, subject, [*first, *folded])
    shown = [html.Li(_alarm(subject, a, drawn, allow_triage=allow_triage)) for a in first]
    parts: list[Any] = [html.H3("Needs attention now")]
    if not changes.complete:
        looked = f"{changes.searched} of {count_of(changes.places, 'benchmark')} so far"
        text = f"Looking for lasting changes: {looked}. Reload in a moment."
        parts.append(html.P(text, className="pw-quiet"))
    parts.append(
        html.Ul(shown, className="pw-alarms pw-now")
        if shown
        else html.P("Nothing." if changes.complete else "Nothing yet.", className="pw-quiet")
    )
    if len(now) > MOST:
        rest = f"{len(now) - MOST} more: pagewalk regressions --subject {subject}"
        parts.append(html.P(printable(rest), className="pw-quiet"))
    if settled:
        items = [html.Li(_alarm(subject, a, drawn, allow_triage=allow_triage)) for a in folded]
        parts.append(disclosure(f"{len(settled)} decided", html.Ul(items, className="pw-alarms")))
    return html.Div(parts)


def _newest(catalogue: Catalogue, subject: str) -> dict[str, int]:
    places = {revision.commit: revision.position for revision in catalogue.revisions(subject)}
    found: dict[str, int] = {}
    cells = [(cell.commit, cell.machine) for cell in catalogue.outcomes(subject)]
    for commit, machine in [*cells, *((r.revision.commit, r.machine) for r in catalogue.crashes(subject))]:
        found[machine] = max(found.get(machine, 0), places.get(commit, 0))
    return found


_Drawn = Mapping[Regression, tuple[WorstSeries, Series]]


def _drawn(catalogue: Catalogue, subject: str, found: Sequence[Alarm]) -> _Drawn:
    """Return the series that alarms are drawn with, read together: what they share is read once."""
    regressions = tuple(alarm.regression for alarm in found if alarm.regression)
    worst = catalogue.worst_series(subject, regressions)
    keys = tuple(dict.fromkeys(one.key for one in worst.values()))
    series = dict(zip(keys, catalogue.some_series(keys), strict=True))
    return {regression: (one, series[one.key]) for regression, one in worst.items()}


def _alarm(subject: str, alarm: Alarm, drawn: _Drawn, *, allow_triage: bool) -> list[Any]:
    verdict = Verdict.BROKEN if alarm.crash else Verdict.REGRESSED
    said = _crash(subject, alarm) if alarm.crash else _change(subject, alarm, drawn)
    parts = [badge(verdict), *said]
    if alarm.note is not None:
        parts.append(html.Span(_note(alarm.note), className="pw-quiet"))
    parts.append(_decide(subject, alarm) if allow_triage else _command(subject, alarm.finding))
    return parts


def _change(subject: str, alarm: Alarm, drawn: _Drawn) -> list[Any]:
    known = drawn.get(alarm.regression) if alarm.regression else None
    if known is None:  # told no more since it was listed
        return []
    worst, one = known
    workload, metric = split(worst.key.benchmark)
    series = SeriesName(worst.key.machine, Case(workload, worst.key.params), metric)
    name = f"{workload} · {title_of_metric(metric)}" if metric else workload
    values = f"{quantity(worst.before, worst.unit)} → {quantity(worst.after, worst.unit)}"
    size = f"{values}{per_operation(worst.unit)}"
    also = f"; also {count_of(len(alarm.others), 'other benchmark')} at that commit" if alarm.others else ""
    where = ", ".join(alarm.machines)
    text = (
        f"{change_text(worst.before, worst.after)} ({size}) at worst, {alarm.series} series on {where}, "
        f"between {worst.last_good.name} … {alarm.at.name}{also}"
    )
    return [
        dcc.Link(printable(name), href=history_link(subject, series, alarm.at.commit), className="pw-strong"),
        _spark(one, alarm),
        html.Span(printable(text), className="pw-quiet"),
    ]


def _spark(series: Series, alarm: Alarm) -> Any:
    mark = next((n for n, r in enumerate(series.revisions) if r.commit == alarm.at.commit), -1)
    picture = spark(series.values.tolist(), mark)
    text = f"the series over {count_of(len(series.revisions), 'commit')}, the change marked"
    return (
        html.Img(src=picture, alt=text, width=WIDTH, height=HEIGHT, className="pw-spark") if picture else None
    )


def _crash(subject: str, alarm: Alarm) -> list[Any]:
    row = alarm.crash
    if row is None:
        return []
    query = Query(("subject", "crash")).but(subject=subject, crash=identity(row))
    how = row.signal or (f"exit {row.exit_status}" if row.exit_status is not None else row.outcome)
    values = ", ".join(value.strip("'") for _, value in row.params)
    case = f"{row.benchmark}({values})" if values else row.benchmark
    where = f"{count_of(alarm.series, 'execution')} on {', '.join(alarm.machines)}"
    text = f"{row.outcome} {how}, {where}, since {alarm.at.name}"
    return [
        dcc.Link(printable(case), href=f"/crashes{query.write()}", className="pw-strong"),
        html.Span(printable(text), className="pw-quiet"),
    ]


def _note(note: Note) -> str:
    fixed = f" by {note.fixed_by[:10]}" if note.fixed_by else ""
    why = f": {note.reason}" if note.reason else ""
    return printable(f"— {note.decision}{fixed}{why} ({note.who}, {day_text(note.when)})")


def _command(subject: str, finding: Finding) -> Any:
    at = f"crash:{finding.at}" if finding.kind is Kind.CRASH else finding.at[:10]
    command = f"pagewalk triage -s {subject} acknowledge {at} {finding.benchmark}"
    return disclosure("decide", html.Code(printable(command)))


def key_of(subject: str, finding: Finding) -> str:
    """Return what names a finding in a component's identity."""
    return "|".join((subject, finding.kind, finding.at, finding.benchmark))


def _decide(subject: str, alarm: Alarm) -> Any:
    key = key_of(subject, alarm.finding)
    about = f"{alarm.finding.benchmark} at {alarm.at.name}"
    chosen = dmc.Select(
        id={"type": "triage-decision", "key": key},
        label="Decision",
        data=[{"value": value, "label": label} for value, label in _DECISIONS.items()],
        value=Decision.ACKNOWLEDGED,
        allowDeselect=False,
        w=180,
    )
    reason = dmc.TextInput(id={"type": "triage-reason", "key": key}, label="Reason", className="pw-grow")
    by = dmc.TextInput(id={"type": "triage-by", "key": key}, label="Fixed by commit", w=180)
    save = dmc.Button(
        "Save",
        id={"type": "triage-save", "key": key},
        variant="default",
        **{"aria-label": f"Save: {printable(about)}"},
    )
    said = html.Div(id={"type": "triage-said", "key": key}, role="status", className="pw-quiet")
    return disclosure(
        "decide", html.Div([html.Div([chosen, reason, by, save], className="pw-toolbar"), said])
    )


def register(app: Dash, library: Library) -> None:
    """Connect the decisions; called only where writing is allowed."""

    @app.callback(
        Output({"type": "triage-said", "key": MATCH}, "children"),
        Input({"type": "triage-save", "key": MATCH}, "n_clicks"),
        State({"type": "triage-save", "key": MATCH}, "id"),
        State({"type": "triage-decision", "key": MATCH}, "value"),
        State({"type": "triage-reason", "key": MATCH}, "value"),
        State({"type": "triage-by", "key": MATCH}, "value"),
        prevent_initial_call=True,
    )
    def save(clicks: int | None, identity_: dict[str, str], decision: Any, reason: Any, by: Any) -> str:
        if not clicks:
            return ""
        try:
            return decided(library, str(identity_.get("key", "")), (decision, reason, by))
        except PagewalkError as error:
            return printable(f"{error.message} {error.remedy}")


def decided(library: Library, key: str, values: Sequence[Any]) -> str:
    """Write a decision down and return what to say. Everything comes from a browser and is hostile.

    Raises:
        PagewalkError: no such finding can be meant, or the decision lacks something.
    """
    decision, reason, by = ("" if value is None else str(value) for value in values)
    parts = key.split("|", 3)
    history = library.history(parts[0])
    if history is None or len(parts) != 4 or parts[1] not in set(Kind) or decision not in set(Decision):
        raise PagewalkError("There is no such finding.", "Reload the page.")
    finding = Finding(Kind(parts[1]), parts[2], parts[3])
    note = Note(finding, Decision(decision), reason, by, getpass.getuser(), time.time())
    record(history.folder, [note])
    return "Saved. Commit triage.jsonl with the results; reload to see it."
