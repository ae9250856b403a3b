"""One row in full: on every machine the evidence, the samples, where they come from, and the crash record."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html

from dashboard.components.pieces import badge, disclosure, facts, scrolling
from dashboard.data.query import Query
from dashboard.data.rows import Row
from dashboard.data.searches import question_link
from dashboard.data.trend import history_link
from dashboard.figures.samples import HEIGHT, samples_figure
from dashboard.looks.wording import outcome_text, source_text, value_text
from dashboard.pages.crash_record import crash_record
from pagewalk.analysis.comparison import Comparison, MetricRow, OutcomeRow
from pagewalk.analysis.regressions import SeriesName
from pagewalk.analysis.rules import ENDING
from pagewalk.metrics import METRICS
from pagewalk.model import Machine, Record, Values
from pagewalk.reports.wording import printable, row_change
from pagewalk.units import interval


def graph_config(*buttons: str) -> Any:
    """Return how a plot behaves; `buttons` are plotly's own names."""
    return {
        "displaylogo": False,
        "modeBarButtons": [list(buttons)],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": "pagewalk"},
    }


def details(comparison: Comparison, row: Row) -> list[Any]:
    """Return the content of the panel, one section a machine that says anything about the row."""
    machines = [machine for machine in comparison.machines if machine.name in row.cells]
    return [_meaning(row), *(_section(comparison, machine, row.cells[machine.name]) for machine in machines)]


def _meaning(row: Row) -> Any:
    if row.is_outcome:
        text = "How the executions of this case ended, before and after."
    else:
        text = (
            METRICS[row.metric].meaning if row.metric in METRICS else "A metric that pagewalk does not know."
        )
    return html.P(text, className="pw-quiet")


def _section(comparison: Comparison, machine: Machine, cell: MetricRow | OutcomeRow) -> Any:
    kind = f"{machine.architecture}, emulated" if machine.emulated else machine.architecture
    head = [
        html.H3(printable(machine.name)),
        html.Span(printable(kind), className="pw-quiet"),
        badge(cell.verdict),
    ]
    body = _endings(comparison, cell) if isinstance(cell, OutcomeRow) else _numbers(comparison, cell)
    return html.Section(
        [
            html.Div(head, className="pw-card-head"),
            html.P(printable(cell.evidence), className="pw-evidence"),
            *body,
            _onward(comparison, machine, cell),
            _facts(comparison, machine, cell),
        ],
        className="pw-detail",
    )


def _onward(comparison: Comparison, machine: Machine, cell: MetricRow | OutcomeRow) -> Any:
    """The ways on to whoever is to blame: the line over commits, the search for one, the functions."""
    subject, ends = comparison.base.subject, (comparison.base.commit, comparison.head.commit)
    metric = ENDING if isinstance(cell, OutcomeRow) else cell.metric
    series = SeriesName(machine.name, cell.case, metric)
    links = [
        dcc.Link("Its crashes", href=f"/crashes{Query(('subject',)).but(subject=subject).write()}")
        if isinstance(cell, OutcomeRow)
        else dcc.Link("Over commits", href=history_link(subject, series)),
        dcc.Link("Bisect it", href=question_link(subject, *ends, series)),
        dcc.Link("Profile it", href=profile_link(comparison, machine, cell)),
    ]
    return html.Div([part for link in links for part in (" · ", link)][1:], className="pw-onward")


def profile_link(comparison: Comparison, machine: Machine, cell: MetricRow | OutcomeRow) -> str:
    """Return the address of the differential flame graph of a row."""
    sides = {"base": comparison.base.commit, "head": comparison.head.commit}
    asked = {"subject": comparison.base.subject, "case": str(cell.case), "machine": machine.name, **sides}
    return f"/profile?{urlencode(asked)}"


def _numbers(comparison: Comparison, cell: MetricRow) -> list[Any]:
    names = (comparison.base.name, comparison.head.name)
    sides = (("base", names[0], cell.base), ("head", names[1], cell.head))
    rows: list[tuple[str, Any]] = [(f"{side} {printable(name)}", _value(v)) for side, name, v in sides]
    if cell.effect is not None:
        rows.append(("change", row_change(cell)))
        if not cell.effect.exact:
            confidence = f"{cell.effect.confidence:.0%} interval"
            rows.append((confidence, interval(cell.effect.low, cell.effect.high)))
    parts: list[Any] = [facts(rows)]
    if cell.base.samples or cell.head.samples:
        figure = samples_figure(cell, *names)
        graph = dcc.Graph(
            figure=figure,
            config=graph_config("toImage"),
            className="pw-graph",
            style={"height": f"{HEIGHT}px"},
        )
        parts.append(html.Figure([graph, html.Figcaption(_caption(cell))]))
    return parts


def _caption(cell: MetricRow) -> str:
    counted = f"{len(cell.base.samples)} executions of base, {len(cell.head.samples)} of head"
    return f"{counted}; in each lane the first is on top. The bar is the median."


def _value(values: Values) -> list[Any]:
    strong = html.Strong(value_text(values)) if values.samples else None
    return [strong, html.Div(source_text(values), className="pw-quiet")]


def _endings(comparison: Comparison, cell: OutcomeRow) -> list[Any]:
    sides = (("base", comparison.base.name, cell.base), ("head", comparison.head.name, cell.head))
    return [_ending(f"{side} {printable(name)}", record) for side, name, record in sides]


def _ending(name: str, record: Record) -> Any:
    head = html.H4(
        [name, html.Span(outcome_text(record), className=f"pw-outcome pw-outcome-{record.outcome}")]
    )
    if record.crash is None:
        return html.Div([head])
    return html.Div([head, *crash_record(record.crash)])


def _facts(comparison: Comparison, machine: Machine, cell: MetricRow | OutcomeRow) -> Any:
    """What the machine and the builds were, side by side; they explain half of all surprises."""
    ended = next((o for o in comparison.outcomes if o.case == cell.case and o.machine == machine.name), None)
    base, head = (ended.base.facts, ended.head.facts) if ended else ({}, {})
    names = sorted({*machine.facts, *base, *head})
    if not names:
        return None
    heads = html.Thead(html.Tr([html.Th(text, scope="col") for text in ("fact", "base", "head")]))
    body = [_fact(name, machine.facts, base, head) for name in names]
    table = html.Table([heads, html.Tbody(body)], className="pw-table")
    region = scrolling(table, "facts")
    return disclosure("Facts of the machine and the builds", region)


def _fact(name: str, machine: Mapping[str, str], base: Mapping[str, str], head: Mapping[str, str]) -> Any:
    before, after = (printable(side.get(name, machine.get(name, "–"))) for side in (base, head))
    differs = "pw-differs" if before != after else ""
    return html.Tr(
        [html.Th(printable(name), scope="row"), html.Td(before), html.Td(after)], className=differs
    )
