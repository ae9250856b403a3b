"""What stands on the bisect page: the list of searches, what one came to, and its commits."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from dash import dcc, html

from dashboard.components.pieces import aria, commit_code, disclosure, facts, table
from dashboard.components.standings import left_text, moment_text, standing_badge
from dashboard.data.bisection import Candidate, Look, command_of
from dashboard.data.query import Query
from dashboard.data.searches import FIELDS, Listed
from dashboard.looks.states import look_of
from pagewalk.analysis.bisection import Kind, Status
from pagewalk.bisecting.asked import Asked
from pagewalk.model import Outcome
from pagewalk.processes import Standing
from pagewalk.reports.wording import count_of, printable
from pagewalk.units import change, limit_text, share_text, title_of_metric

LATEST = 6
"""Searches that are listed openly; older ones on demand."""
MOST_ROWS = 32
LIKELY = 0.001
_PRECISION: Mapping[Kind, str] = {
    Kind.EXACT: ", exact: it repeats itself",
    Kind.SAMPLED: ", sampled: it varies from execution to execution",
}


def search_list(listed: Sequence[Listed], shown: str) -> Any:
    """Return all searches, the one that is shown marked; nothing where there is none."""
    if not listed:
        return None
    rows = [_listed(one, one.name == shown) for one in listed]
    heads = ("what", "where", "stands", "executions", "came to", "last written")
    parts = [
        html.Div([html.H2("Searches")], className="pw-card-head"),
        table(heads, rows[:LATEST], "searches"),
    ]
    if len(rows) > LATEST:
        older = table(heads, rows[LATEST:], "older searches")
        parts.append(disclosure(f"Older ones: {len(rows) - LATEST}", older))
    return html.Section(parts, className="pw-card")


def _listed(one: Listed, shown: bool) -> list[Any]:
    link = dcc.Link(printable(one.what)[:160] or one.name, href=href(one.name))
    marks = {"className": "pw-strong", **aria(current="true")} if shown else {}
    words = printable(one.words.splitlines()[0])[:200] if one.words else "–"
    when = moment_text(one.updated) if one.updated else "–"
    where = html.Span(printable(one.where), className="pw-quiet")
    return [html.Span(link, **marks), where, standing_badge(one.standing), str(one.executions), words, when]


def href(name: str) -> str:
    """Return the address of a search."""
    return f"/bisect{Query(FIELDS).but(search=name).write()}"


def status_line(look: Look) -> str:
    """Return how a search stands: the same words until that changes."""
    if look.standing is Standing.RUNNING:
        return "The search below is running; this page follows it."
    if look.standing is Standing.FINISHED and look.words:
        return f"The search below is finished: {printable(look.words[0]).rstrip('.')}."
    return f"The search below is {look.standing}." if look.standing else ""


def headline(look: Look) -> Any:
    """Return what a search came to, or how far it is, and what it was asked."""
    asked = look.asked
    if asked is None:
        text = (
            "An older pagewalk measured this and did not write down what was asked. Type the same command "
            "again: it goes on from here, and the whole search shows."
        )
        return html.Section([_title(look, "A search from before"), html.P(text)], className="pw-card")
    body = [
        _title(look, asked.what),
        html.Div(_verdict(look, asked)),
        facts(_facts(look, asked)),
    ]
    if look.standing in (Standing.INTERRUPTED, Standing.FAILED) or _spent(look):
        go_on = html.Pre(command_of(asked), tabIndex=0, **aria(label="command to go on"))
        body += [html.P("To go on where it was stopped, type:", className="pw-quiet"), go_on]
    return html.Section(body, className="pw-card")


def _title(look: Look, text: str) -> Any:
    left = left_text(look.seconds, look.attempt.updated) if look.attempt else ""
    return html.Div(
        [
            html.H2(html.Code(printable(text))),
            standing_badge(look.standing),
            html.Span(left, className="pw-quiet pw-grow"),
        ],
        className="pw-card-head",
    )


def _verdict(look: Look, asked: Asked) -> list[Any]:
    if look.words:
        first, *rest = (printable(line.strip()) for line in look.words)
        return [html.P(html.Strong(first), className="pw-names"), *(html.P(line) for line in rest)]
    if look.standing is Standing.FAILED and look.attempt is not None:
        return [html.P(html.Strong(printable(look.attempt.words)))]
    if not asked.metric:
        return [html.P("Measuring both ends, to see what differs.")]
    likely = max(look.candidates, key=lambda c: c.belief or 0.0)
    if not likely.belief:
        return [html.P("Measuring both ends: what good and bad differ in is not known yet.")]
    text = f"Most likely {likely.commit[:10]} with {share_text(likely.belief)}: {printable(likely.subject)}"
    return [html.P(html.Strong(text), className="pw-names")]


def _facts(look: Look, asked: Asked) -> list[tuple[str, Any]]:
    good, bad = look.candidates[0], look.candidates[-1]
    built = sum(1 for c in look.candidates if c.executions or c.skipped)
    skipped = count_of(sum(c.skipped for c in look.candidates), "commit")
    return [
        ("where", printable(f"{asked.subject} on {asked.where}" if asked.subject else asked.where)),
        ("good", _commit(good, asked)),
        ("bad", _commit(bad, asked)),
        ("measured", _measured(look, asked)),
        ("goal", f"a commit is named at a posterior of {limit_text(asked.confidence)}"),
        ("executions", f"{look.taken} of at most {asked.budget}, of {count_of(built, 'commit')}"),
        ("candidates", f"{count_of(len(look.candidates) - 1, 'commit')}; {skipped} did not build"),
    ]


def _measured(look: Look, asked: Asked) -> str:
    if look.kind is Kind.OUTCOME:
        return "how executions end"
    if not asked.metric:
        return "what differs most surely between good and bad"
    precision = _PRECISION[look.kind] if look.kind else ""
    return f"{printable(title_of_metric(asked.metric))}{precision}"


def _commit(candidate: Candidate, asked: Asked) -> Any:
    return [_code(candidate, asked), f" {printable(candidate.subject)}"]


def _code(candidate: Candidate, asked: Asked | None) -> Any:
    pages = asked.pages if asked else ""
    return commit_code(candidate.commit[:10], f"{pages}{candidate.commit}" if pages else "")


def _spent(look: Look) -> bool:
    return look.answer is not None and look.answer.status is Status.BUDGET


def commits_table(look: Look) -> Any:
    """Return the commits that something is known of; all of them where they are few."""
    few = len(look.candidates) <= MOST_ROWS
    shown = [
        c for c in look.candidates if few or _is_known(c) or c in (look.candidates[0], look.candidates[-1])
    ]
    rows = [_row(c, look) for c in shown]
    heads = ("commit", "subject line", "executions", "median", "against good", "ended", "posterior")
    left = len(look.candidates) - len(shown)
    note = f"{count_of(left, 'commit')} of which nothing is known are in the CSV." if left else ""
    return [table(heads, rows, "commits of the search"), html.P(note, className="pw-quiet")]


def _is_known(candidate: Candidate) -> bool:
    return bool(candidate.executions) or candidate.skipped or (candidate.belief or 0.0) >= LIKELY


def _row(candidate: Candidate, look: Look) -> list[Any]:
    middle = median(candidate.values) if candidate.values else None
    against = change(middle / look.reference) if middle is not None and look.reference else "–"
    word = _blame(candidate, look)
    mark = html.Span(f" ◀ {word}", className="pw-broken") if word else None
    return [
        html.Span([_code(candidate, look.asked), mark]),
        printable(candidate.subject),
        str(candidate.executions) if candidate.executions else "–",
        "–" if middle is None else look.told(middle),
        against,
        _ended(candidate, numbers=look.kind is not Kind.OUTCOME),
        _belief(candidate.belief),
    ]


def _blame(candidate: Candidate, look: Look) -> str:
    """Return what a commit is to blame for; empty where it is not it, or not it alone."""
    answer = look.answer
    if answer is None or answer.up_to != candidate.place or answer.up_to - answer.after > 1:
        return ""
    return {Status.FOUND: "first bad", Status.SEVERAL: "largest step"}.get(answer.status, "")


def _belief(share: float | None) -> str:
    if share is None:
        return "–"
    return share_text(share) if share >= LIKELY else f"< {share_text(LIKELY)}"


def _ended(candidate: Candidate, *, numbers: bool) -> Any:
    if candidate.skipped:
        build = look_of(Outcome.BUILD_FAILED.value)
        return html.Span(f"{build.mark} {build.word}", className=f"pw-{build.key}")
    if candidate.crashed:
        crash = look_of(Outcome.CRASHED.value)
        text = f"{crash.mark} {candidate.crashed} of {candidate.executions} {crash.word}"
        return html.Span(text, className=f"pw-{crash.key}")
    if not candidate.executions:
        return html.Span("not measured", className="pw-quiet")
    return f"{candidate.silent} without a number" if candidate.silent and numbers else "ok"
