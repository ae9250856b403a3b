"""What the gate says, in the sentences that every report of it shares."""

from collections.abc import Iterator

from pagewalk.analysis.gate import Answer, Finding, Gate
from pagewalk.analysis.rules import ENDING, Exemption
from pagewalk.reports.wording import count_of, printable
from pagewalk.reports.wrapping import wrapped
from pagewalk.units import title_of_metric

_ANSWERS = {
    Answer.PASSED: "passed",
    Answer.REGRESSED: "failed: regressed",
    Answer.BROKEN: "failed: broken",
    Answer.NOTHING: "nothing could be measured",
}
SAME_ARTIFACT = "same artifact: both revisions build to the same bytes, so it was not executed"


def answer_text(gate: Gate) -> str:
    """Return the answer with its exit status: "failed: regressed (exit status 1)"."""
    return f"{_ANSWERS[gate.answer]} (exit status {int(gate.answer)})"


def finding_text(finding: Finding) -> str:
    """Return one line: what, where, and what it rests on."""
    what = "how it ends" if finding.metric == ENDING else title_of_metric(finding.metric)
    return printable(f"{finding.verdict}: {finding.case} on {finding.machine}: {what}: {finding.evidence}")


def exemption_text(exemption: Exemption) -> str:
    """Return what is exempted, why, and until when."""
    return printable(f"{exemption.scope} until {exemption.expires}: {exemption.reason}")


def remarks(gate: Gate) -> Iterator[str]:
    """Yield one sentence for everything but the findings that count."""
    if gate.why:
        yield printable(gate.why)
    for finding in gate.exempted:
        assert finding.exemption is not None
        yield f"exempted, {exemption_text(finding.exemption)}: {finding_text(finding)}"
    for exemption in gate.expired:
        yield f"expired and holds no longer: {exemption_text(exemption)}"
    for exemption in gate.idle:
        yield f"exempts nothing any more, take it out: {exemption_text(exemption)}"
    for exemption in gate.unmet:
        yield f"covers nothing that was measured here: {exemption_text(exemption)}"
    if gate.unchanged:
        machines = sorted({unchanged.machine for unchanged in gate.unchanged})
        yield (
            f"{count_of(len(gate.unchanged), 'case')} on {printable(', '.join(machines))}: {SAME_ARTIFACT}"
        )
    if gate.reused:
        yield f"exact counts of the base were known for {count_of(gate.reused, 'case')} and not taken again"


def render(gate: Gate, *, width: int = 100) -> str:
    """Return the answer as plain lines of at most `width` columns, for the end of a terminal."""
    told = [*map(finding_text, gate.failed), *remarks(gate)]
    lines = [f"Gate: {answer_text(gate)}", *(wrapped(line, width, indent=2) for line in told)]
    return "".join(f"{line}\n" for line in lines)
