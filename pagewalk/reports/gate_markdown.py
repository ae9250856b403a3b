"""A gate's answer for a pull request: the answer, the map of architectures, then the comparison."""

from collections.abc import Iterator, Sequence

from pagewalk.analysis.comparison import Comparison, MetricRow, OutcomeRow
from pagewalk.analysis.gate import Answer, Gate
from pagewalk.analysis.summary import SEVERITY
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Machine
from pagewalk.reports import markdown
from pagewalk.reports.gate_text import answer_text, finding_text, remarks
from pagewalk.reports.markdown import COMMENT_LIMIT, escape
from pagewalk.reports.wording import MARKS, NOTHING, count_of, machine_text

_SIGNS = {Answer.PASSED: "✓", Answer.REGRESSED: "▲", Answer.BROKEN: "✗", Answer.NOTHING: "?"}
_MOST = 40


def render(comparison: Comparison, gate: Gate, *, link: str = "", limit: int = COMMENT_LIMIT) -> str:
    """Return the report, at most `limit` characters long.

    Args:
        link: where flame graphs and all results can be looked at; left out where empty.
    """
    first = "\n\n".join([*_answer(gate, link), _architectures(comparison, gate)])
    rest = markdown.render(comparison, limit=limit - len(first) - 2)
    return f"{first}\n\n{rest}"


def _answer(gate: Gate, link: str) -> Iterator[str]:
    yield f"## {_SIGNS[gate.answer]} pagewalk {escape(answer_text(gate))}"
    failed = [finding_text(finding) for finding in gate.failed]
    if failed:
        yield _listed(failed)
    told = list(remarks(gate))
    if told:
        yield markdown.folded(count_of(len(told), "remark"), _listed(told))
    if link:
        yield f"[Flame graphs and all results](<{_address(link)}>)"


def _address(link: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() and c not in " <>\\" else "" for c in link)


def _listed(lines: Sequence[str]) -> str:
    shown = "\n".join(f"- {escape(line)}" for line in lines[:_MOST])
    return f"{shown}\n- … and {len(lines) - _MOST} more" if len(lines) > _MOST else shown


def _architectures(comparison: Comparison, gate: Gate) -> str:
    """Benchmarks against machines, with the most severe verdict of each."""
    rows: list[MetricRow | OutcomeRow] = [*comparison.outcomes, *comparison.metrics]
    worst: dict[tuple[str, str], Verdict | None] = {}
    for row in rows:
        place = (row.case.benchmark, row.machine)
        worst[place] = _worse(worst.get(place), row.verdict)
    same = {(u.case.benchmark, u.machine) for u in gate.unchanged}
    benchmarks = sorted({benchmark for benchmark, _ in (*worst, *same)})
    if not benchmarks:
        return "No benchmark was measured."
    header = ["benchmark", *(escape(machine_text(machine)) for machine in comparison.machines)]
    lines = [
        [escape(benchmark), *(_cell(worst, same, benchmark, machine) for machine in comparison.machines)]
        for benchmark in benchmarks[:_MOST]
    ]
    more = len(benchmarks) - len(lines)
    return markdown.table(header, lines) + (f"\n\n… and {more} more benchmarks." if more else "")


def _cell(
    worst: dict[tuple[str, str], Verdict | None],
    same: set[tuple[str, str]],
    benchmark: str,
    machine: Machine,
) -> str:
    place = (benchmark, machine.name)
    if place in worst:
        verdict = worst[place]
        return f"{escape(MARKS[verdict])} {verdict}" if verdict else escape(f"{NOTHING} not compared")
    return "same artifact" if place in same else ""


def _worse(one: Verdict | None, other: Verdict | None) -> Verdict | None:
    found = [verdict for verdict in (one, other) if verdict is not None]
    return min(found, key=SEVERITY.index) if found else None
