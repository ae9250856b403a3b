"""The live page: what runs now, how far it is and how its executions end; and what lately ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dash import Dash, dcc, html

from dashboard.components.pieces import aria, table, unreadable
from dashboard.components.standings import clock_text, left_text, moment_text, standing_badge
from dashboard.data.address import View
from dashboard.data.address import link as compare_link
from dashboard.data.query import Query
from dashboard.looks.states import look_of
from dashboard.pages.bisect_parts import href as search_link
from dashboard.pages.watching import Glance, WatchedPage
from pagewalk.live import Live, Result, live_in
from pagewalk.processes import Standing
from pagewalk.reports.wording import count_of, printable

TITLE = "Live"
PATH = "/live"
_PARTS = (("status", "children"), ("notice", "children"), ("now", "children"), ("lately", "children"))
_COMMANDS = (
    "pagewalk run --subject malloc mimalloc -r local",
    "pagewalk compare --subject malloc glibc mimalloc",
    "pagewalk bisect --good A --bad B --command './measure'",
)


@dataclass(frozen=True, slots=True)
class LivePage:
    """The page over the records in some folders."""

    folders: Sequence[Path]

    @property
    def page(self) -> WatchedPage:
        return WatchedPage(PATH, (), _PARTS, self.glance)

    def layout(self, _search: str) -> Any:
        """Return the whole page."""
        glance = self.glance(Query(()))
        status, notice, now, lately = glance.parts()
        part = self.page.part
        return html.Div(
            [
                html.H1(TITLE),
                self.page.status(status),
                part("notice", notice),
                part("now", now, className="pw-results"),
                part("lately", lately),
                *self.page.watch(glance, Query(())),
            ],
            className="pw-page",
        )

    def register(self, app: Dash) -> None:
        """Connect the page."""
        self.page.register(app)

    def glance(self, _query: Query) -> Glance:
        """Return how all work stands at this moment."""
        read = [live_in(folder) for folder in self.folders]
        found = sorted((live for lives, _ in read for live in lives), key=lambda live: -live.began)
        standings = [(live, live.standing) for live in found]
        broken = [(str(one.path), one.reason) for _, problems in read for one in problems]
        mark = f"{[(live.identity, live.updated, standing) for live, standing in standings]} {broken}"
        running = any(standing is Standing.RUNNING for _, standing in standings)
        return Glance(mark, running, partial(_parts, standings, broken))


def _parts(standings: Sequence[tuple[Live, Standing]], broken: Sequence[tuple[str, str]]) -> list[Any]:
    running = [live for live, standing in standings if standing is Standing.RUNNING]
    ended = [(live, standing) for live, standing in standings if standing is not Standing.RUNNING]
    now = [_card(live) for live in running] or [_nothing()]
    status = f"Under way: {count_of(len(running), 'command')}." if running else "Nothing runs now."
    return [status, unreadable(broken, "records"), now, _lately(ended) if ended else None]


def _nothing() -> Any:
    lines = html.Pre("\n".join(_COMMANDS), tabIndex=0, **aria(label="commands to type"))
    text = "Type one of these in the project, and watch it here:"
    return html.Section([html.P(text), lines], className="pw-card")


def _card(live: Live) -> Any:
    head = html.Div(
        [
            html.H2(_title(live)),
            standing_badge(Standing.RUNNING),
            html.Span(left_text(live.remaining, live.updated), className="pw-quiet pw-grow"),
            *_links(live),
        ],
        className="pw-card-head",
    )
    done = f"{live.done} of {live.total}" if live.total is not None else str(live.done)
    known: dict[str, Any] = {"value": str(min(live.done, live.total))} if live.total else {}
    bar = html.Progress(
        max=str(live.total or 1),
        className="pw-progress",
        **known,
        **aria(label=f"progress of {_title(live)}"),
    )
    executions = "execution" if live.done == 1 and live.total in (None, 1) else "executions"
    facts = html.P(f"{done} {executions} · since {moment_text(live.began)}", className="pw-quiet")
    now = html.P(["Now: ", html.Code(printable(live.now) or "–")])
    return html.Section([head, bar, facts, now, *_results(live.results)], className="pw-card")


def _results(results: Sequence[Result]) -> list[Any]:
    if not results:
        return []
    rows = [
        [clock_text(r.at), printable(r.where), _outcome(r), printable(r.words)] for r in reversed(results)
    ]
    return [html.H3("Latest"), table(("when", "what", "ended", "with"), rows, "latest executions")]


def _outcome(result: Result) -> Any:
    look = look_of(result.outcome)
    return html.Span(f"{look.mark} {printable(look.word)}", className=f"pw-{look.key}")


def _lately(ended: Sequence[tuple[Live, Standing]]) -> Any:
    rows = [
        [
            _title(live),
            standing_badge(standing),
            count_of(live.done, "execution"),
            moment_text(live.updated),
            _words(live),
            _links(live),
        ]
        for live, standing in ended
    ]
    heads = ("what", "stands", "done", "last heard of", "said", "see")
    head = html.Div([html.H2("Lately")], className="pw-card-head")
    return html.Section([head, table(heads, rows, "what lately ended")], className="pw-card")


def _words(live: Live) -> str:
    first = printable(live.words.splitlines()[0])[:200] if live.words else ""
    return {"": "–", "KeyboardInterrupt": "stopped with Ctrl-C"}.get(first, first)


def _title(live: Live) -> str:
    names = " → ".join(printable(name) for name, _ in live.commits[:2])
    more = f" and {len(live.commits) - 2} more" if len(live.commits) > 2 else ""
    what = f" · {printable(live.what)[:120]}" if live.what else ""
    return f"{printable(live.command)} {printable(live.subject)} {names}{more}{what}".strip()


def _links(live: Live) -> list[Any]:
    if live.command == "bisect":
        return [dcc.Link("Its commits", href=search_link(live.search))] if live.search else []
    history = Query(("subject",)).but(subject=live.subject).write()
    links: list[Any] = [dcc.Link("Its history", href=f"/history{history}")]
    if len(live.commits) == 2:
        (_, base), (_, head) = live.commits
        view = View(subject=live.subject, base=base, head=head)
        links = [dcc.Link("Compare them", href=compare_link(view)), " ", *links]
    return links
