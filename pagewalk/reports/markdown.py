"""A comparison for an issue or a pull request: GitHub flavoured Markdown.

What must be read comes first and open; the numbers follow, folded. Names and reasons come from
boards and users, so all text is escaped: nothing in it can become markup, a link or a mention.
"""

import html
import re
from collections.abc import Iterator, Sequence

from pagewalk.analysis.comparison import Comparison, MetricRow, OutcomeRow
from pagewalk.analysis.summary import SEVERITY
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Machine
from pagewalk.reports.legend import absences, sources
from pagewalk.reports.lines import Line, families, left_out, lines_of
from pagewalk.reports.wording import (
    MARKS,
    NOTHING,
    count_of,
    family_of,
    headline_text,
    machine_text,
    mark,
    printable,
    revision_text,
    row_change,
    row_mark,
    row_values,
    rule_text,
    worth_telling,
)
from pagewalk.units import title_of_metric

COMMENT_LIMIT = 65_536
"""Characters GitHub takes in one comment."""
_ROOM_FOR_NOTE = 400
_ENDINGS = 50
_SUITES = 100
_LIST = re.compile(r"^(\s*\d*)([-+.)])")
_MARKUP = re.compile(r"([\\`*_\[\]|~#$!])")


def render(comparison: Comparison, *, limit: int = COMMENT_LIMIT) -> str:
    """Return the report; whole sections are left out, and named, where it would exceed `limit`."""
    first = "\n\n".join([_heading(comparison), *_endings(comparison), _matrix(comparison)])
    kept, dropped = [first], []
    room = limit - _ROOM_FOR_NOTE - len(first)
    for title, section in [*_details(comparison), *_legend(comparison)]:
        if len(section) + 2 <= room:
            kept.append(section)
            room -= len(section) + 2
        else:
            dropped.append(title)
    if dropped:
        shown = escape(", ".join(dropped))[: _ROOM_FOR_NOTE - 120]
        kept.append(
            f"Left out, because a comment holds {limit} characters: {shown}. The JSON report has all."
        )
    return "\n\n".join(kept) + "\n"


def escape(text: str) -> str:
    """Return `text` so that Markdown shows it as it is, in a paragraph or in the cell of a table."""
    safe = html.escape(printable(text), quote=False)
    safe = _MARKUP.sub(r"\\\1", safe).replace("://", r"\://").replace("www.", r"www\.")
    safe = _LIST.sub(r"\1\\\2", safe)
    # Mentions are found after rendering: only a character in between prevents them.
    return safe.replace("@", "@\N{ZERO WIDTH SPACE}")


def _in_html(text: str) -> str:
    return html.escape(printable(text)).replace("@", "@\N{ZERO WIDTH SPACE}")


def _heading(comparison: Comparison) -> str:
    base, head = revision_text(comparison.base), revision_text(comparison.head)
    title = f"### {escape(comparison.base.subject)}: {escape(base)} → {escape(head)}"
    return f"{title}\n\n**{escape(headline_text(comparison))}**"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of cells that are escaped already."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _endings(comparison: Comparison) -> Iterator[str]:
    told = worth_telling(comparison)
    rows = [
        [
            f"{escape(mark(row.verdict, row.samples_needed))} {_bold(row.verdict)}",
            escape(str(row.case)),
            escape(row.machine),
            escape(row.evidence),
        ]
        for row in told[:_ENDINGS]
    ]
    if rows:
        yield table(["", "case", "machine", "how it ends"], rows)
    if len(told) > len(rows):
        yield f"… and {len(told) - len(rows)} more, less severe."


def _bold(verdict: Verdict | None) -> str:
    word = str(verdict or "not compared")
    return f"**{word}**" if verdict in {Verdict.BROKEN, Verdict.FIXED} else word


def _matrix(comparison: Comparison) -> str:
    """Suites against machines: where on the map something happened."""
    header = ["", *(escape(machine_text(machine)) for machine in comparison.machines)]
    # As in the summary: a case that ends alike on both sides adds nothing of its own.
    endings = [row for row in comparison.outcomes if row.verdict is not Verdict.SAME]
    found: list[MetricRow | OutcomeRow] = [*endings, *comparison.metrics]
    rows = [
        [escape(family), *(_tallied(found, family, machine) for machine in comparison.machines)]
        for family in sorted({family_of(row) for row in found})
    ]
    if not rows:
        return "Nothing was compared."
    more = f"\n\n… and {len(rows) - _SUITES} more suites." if len(rows) > _SUITES else ""
    return table(header, rows[:_SUITES]) + more


def _tallied(rows: Sequence[MetricRow | OutcomeRow], family: str, machine: Machine) -> str:
    verdicts = [row.verdict for row in rows if row.machine == machine.name and family_of(row) == family]
    order: tuple[Verdict | None, ...] = (*SEVERITY, None)
    counts = [(MARKS[v] if v else NOTHING, verdicts.count(v)) for v in order]
    return " ".join(f"{count} {escape(sign)}" for sign, count in counts if count)


def _details(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Yield title and text of one folded table a suite, of the lines that tell something."""
    machines = comparison.machines
    for family, rows in families(comparison.metrics):
        lines = lines_of(rows, machines)
        telling = [line for line in lines if line.telling]
        if telling:
            left = left_out([line for line in lines if not line.telling], some=True)
            silent = f"; {left}" if left else ""
            header = ["case", "metric", *(escape(machine.name) for machine in machines)]
            rows_told = table(header, [_row(line) for line in telling])
            yield family, folded(f"{family}: {count_of(len(telling), 'row')} to read{silent}", rows_told)


def _row(line: Line) -> list[str]:
    cells = [_cell(row) if row else "" for row in line.cells]
    return [escape(str(line.case)), escape(title_of_metric(line.metric)), *cells]


def _cell(row: MetricRow) -> str:
    values = escape(row_values(row))
    if row.verdict is None:
        return values
    judged = f"{escape(row_mark(row))} {escape(row_change(row))}"
    return f"{values}<br>**{judged}**" if _changed(row) else f"{values}<br>{judged}"


def _changed(row: MetricRow) -> bool:
    return row.verdict in {Verdict.REGRESSED, Verdict.IMPROVED}


def folded(title: str, text: str) -> str:
    """Return Markdown behind a title that has to be clicked on; only the title is escaped here."""
    return f"<details><summary>{_in_html(title)}</summary>\n\n{text}\n\n</details>"


def _legend(comparison: Comparison) -> Iterator[tuple[str, str]]:
    meanings = (
        "▲ regressed · ▼ improved · ~ same · ?12 unsure, about 12 more samples a side needed · – not compared"
    )
    lines = [f"{escape(rule_text(comparison.settings))}  \n{escape(meanings)}", ""]
    for machine in comparison.machines:
        told = "; ".join(f"{s.how}: {s.metrics}" for s in sources(comparison, machine)) or "no numbers"
        lines.append(f"- **{escape(machine_text(machine))}**: {escape(told)}")
    yield "where the numbers come from", folded("where the numbers come from", "\n".join(lines))
    missing = absences(comparison)
    if missing:
        text = "\n".join(f"- {escape(absence.where)}: {escape(absence.reason)}" for absence in missing)
        yield "what was not compared", folded("what was not compared, and why", text)
    if comparison.warnings:
        text = "\n".join(f"- {escape(warning)}" for warning in comparison.warnings)
        yield "warnings", folded(count_of(len(comparison.warnings), "warning"), text)
