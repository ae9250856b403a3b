"""Small pieces that pages share. Text goes in as children, which React escapes."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.looks.verdicts import LOOKS
from pagewalk.analysis.verdict import Verdict
from pagewalk.errors import PagewalkError
from pagewalk.reports.wording import printable


def aria(**names: str) -> dict[str, Any]:
    """Return `aria-…` attributes, whose names are no identifiers: `**aria(label="results")`."""
    return {f"aria-{name}": value for name, value in names.items()}


def scrolling(body: Any, label: str) -> Any:
    """Return a region that scrolls sideways, also by the keyboard."""
    return html.Div(body, className="pw-scroll", tabIndex=0, role="region", **aria(label=label))


def badge(verdict: Verdict | None, text: str = "", href: str = "") -> Any:
    """Return a verdict as mark and word, with a count before the word where `text` has one."""
    look = LOOKS[verdict]
    parts: Any = [html.Span(look.mark, className="pw-mark", **aria(hidden="true")), text or look.word]
    name = f"pw-badge pw-{look.key}"
    return dcc.Link(parts, href=href, className=name) if href else html.Span(parts, className=name)


def counts(found: Mapping[Verdict | None, int], hrefs: Mapping[Verdict | None, str] | None = None) -> Any:
    """Return how many rows have which verdict, endings first; nothing is said of what is nil."""
    links = hrefs or {}
    shown = [v for v in LOOKS if found.get(v)]
    return html.Span(
        [badge(v, f"{found[v]} {LOOKS[v].word}", links.get(v, "")) for v in shown]
        or html.Span("nothing to compare", className="pw-quiet"),
        className="pw-counts",
    )


def problem(error: PagewalkError) -> Any:
    """Return what was found and what to do next."""
    remedy = [html.P(printable(error.remedy), className="pw-quiet")] if error.remedy else []
    return html.Div(
        [html.Strong("Nothing to show"), html.P(printable(error.message)), *remedy],
        className="pw-notice",
        role="alert",
    )


def unreadable(problems: Sequence[tuple[str, str]], kind: str = "results") -> Any:
    """Return the files that cannot be read, each with its reason; None where all could be."""
    if not problems:
        return None
    items = [
        html.Li([html.Code(printable(path)), html.Span(f" — {printable(reason)}", className="pw-quiet")])
        for path, reason in problems
    ]
    some = "1 entry" if len(problems) == 1 else f"{len(problems)} entries"
    title = html.Strong(f"{some} of the {kind} cannot be read and are left out")
    return html.Div([title, html.Ul(items, className="pw-problems")], className="pw-notice")


def commit_code(commit: str, page: str = "") -> Any:
    """Return a hash, and a way to the page of it on its forge where it has one."""
    code = html.Code(printable(commit))
    return html.A(code, href=page, rel="noreferrer") if page.startswith("https://") else code


def disclosure(summary: str, body: Any) -> Any:
    """Return text that opens on demand: the browser's own, so that the keyboard works."""
    return html.Details([html.Summary(summary), body], className="pw-disclosure")


def panel(prefix: str, title: str, body: Any) -> Any:
    """A landmark beside the table, not a dialog over it: the table stays in use while one row is open."""
    close = dmc.ActionIcon(
        "✕",
        id=f"{prefix}close",
        className="pw-close",
        variant="subtle",
        color="gray",
        size="lg",
        **aria(label="Close details"),
    )
    heading = html.H2(title, id=f"{prefix}details-title", **aria(live="polite"))
    return html.Aside(
        [html.Div([heading, close], className="pw-panel-head"), html.Div(body, id=f"{prefix}details-body")],
        id=f"{prefix}details",
        className="pw-panel",
        hidden=not title,
        **aria(labelledby=f"{prefix}details-title"),
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]], label: str, caption: str = "") -> Any:
    """Return a plain table whose cells stand below one another where it is narrow.

    The first cell of a row is its heading.
    """
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in heads]))
    body = [html.Tr([html.Th(row[0], scope="row"), *_cells(row[1:], heads[1:])]) for row in rows]
    parts = [html.Caption(caption), head] if caption else [head]
    return scrolling(html.Table([*parts, html.Tbody(body)], className="pw-table pw-stack"), label)


def _cells(row: Sequence[Any], heads: Sequence[str]) -> list[Any]:
    labels: list[dict[str, Any]] = [{"data-label": head} for head in heads]
    return [html.Td(content, **label) for content, label in zip(row, labels, strict=True)]


def benchmark_title(workload: str, metric: str, name: str, about: str = "") -> Any:
    """Return what people call a benchmark, and beside it asv's name where that is another.

    Args:
        metric: as people read it; empty for a benchmark of another project.
        about: what stands behind the benchmark, as " against size".
    """
    title = html.Strong(printable(f"{workload} · {metric}{about}" if metric else f"{name}{about}"))
    raw = html.Span([" ", html.Code(printable(name))], className="pw-quiet") if metric else None
    return html.P([title, raw], className="pw-names")


def facts(rows: Sequence[tuple[str, Any]]) -> Any:
    """Return names with what is known of them."""
    parts = [part for name, value in rows for part in (html.Dt(name), html.Dd(value))]
    return html.Dl(parts, className="pw-facts")
