"""May this be merged? A comparison and a project's rules, in one answer with an exit status."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.rules import ENDING, Exemption, Rules
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Case, Outcome


class Answer(IntEnum):
    """What the gate says; the value is the exit status. 2 is left to mistakes in how it was asked."""

    PASSED = 0
    REGRESSED = 1
    BROKEN = 3
    NOTHING = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that would stop a merge.

    Args:
        metric: `ENDING` where it is how the case ends.
        exemption: what lets it pass; None where it counts.
    """

    case: Case
    machine: str
    metric: str
    verdict: Verdict
    evidence: str
    exemption: Exemption | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A case that was not executed: both revisions build to the same bytes for this machine."""

    case: Case
    machine: str


@dataclass(frozen=True, slots=True)
class Gate:
    """The answer and all that it rests on.

    Args:
        failed: what counts, broken before regressed.
        exempted: what would count but for an exemption that holds.
        expired: exemptions that no longer hold; what they covered is in `failed` again.
        idle: exemptions that hold and have nothing to do where they were looked at: time to take them out.
        unmet: exemptions that hold and cover nothing that was judged here: misspelt, or left out this time.
        reused: cases whose exact counts at the base were known and not taken again.
        why: why nothing could be measured, and what to do; empty where something could.
    """

    answer: Answer
    failed: tuple[Finding, ...] = ()
    exempted: tuple[Finding, ...] = ()
    expired: tuple[Exemption, ...] = ()
    idle: tuple[Exemption, ...] = ()
    unmet: tuple[Exemption, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()
    reused: int = 0
    why: str = ""


def judge_gate(
    comparison: Comparison,
    rules: Rules,
    today: date,
    unchanged: Sequence[Unchanged] = (),
    reused: int = 0,
) -> Gate:
    """Answer by the rules. Broken stands above regressed, whatever else was found.

    Where nothing could be compared and nothing is known to be unchanged, the answer is `NOTHING`:
    no news is not good news.
    """
    holding = [exemption for exemption in rules.exemptions if exemption.holds(today)]
    found = [_exempted(finding, holding) for finding in _findings(comparison)]
    failed = tuple(finding for finding in found if finding.exemption is None)
    exempted = tuple(finding for finding in found if finding.exemption is not None)
    unused = [e for e in holding if e not in {finding.exemption for finding in exempted}]
    unmet = [e for e in unused if not _meets(e, comparison, unchanged)]
    answer = _answer(comparison, failed, unchanged)
    return Gate(
        answer=answer,
        failed=failed,
        exempted=exempted,
        expired=tuple(e for e in rules.exemptions if not e.holds(today)),
        idle=tuple(e for e in unused if e not in unmet),
        unmet=tuple(unmet),
        unchanged=tuple(unchanged),
        reused=reused,
        why=_why_nothing(comparison) if answer is Answer.NOTHING else "",
    )


def _findings(comparison: Comparison) -> Iterator[Finding]:
    endings = [
        Finding(r.case, r.machine, ENDING, r.verdict, r.evidence) for r in comparison.outcomes if r.verdict
    ]
    metrics = [
        Finding(r.case, r.machine, r.metric, r.verdict, r.evidence) for r in comparison.metrics if r.verdict
    ]
    for verdict in (Verdict.BROKEN, Verdict.REGRESSED):
        yield from (finding for finding in [*endings, *metrics] if finding.verdict is verdict)


def _exempted(finding: Finding, holding: Sequence[Exemption]) -> Finding:
    for exemption in holding:
        if exemption.scope.covers(finding.machine, finding.case, finding.metric):
            return Finding(
                finding.case, finding.machine, finding.metric, finding.verdict, finding.evidence, exemption
            )
    return finding


def _meets(exemption: Exemption, comparison: Comparison, unchanged: Sequence[Unchanged]) -> bool:
    """Return whether anything that an exemption covers was judged, or builds to the same bytes."""
    covers = exemption.scope.covers
    return (
        any(row.verdict and covers(row.machine, row.case, row.metric) for row in comparison.metrics)
        or any(row.verdict and covers(row.machine, row.case, ENDING) for row in comparison.outcomes)
        or any(covers(one.machine, one.case, exemption.scope.metric) for one in unchanged)
    )


def _answer(comparison: Comparison, failed: Sequence[Finding], unchanged: Sequence[Unchanged]) -> Answer:
    verdicts = {finding.verdict for finding in failed}
    if Verdict.BROKEN in verdicts:
        return Answer.BROKEN
    if Verdict.REGRESSED in verdicts:
        return Answer.REGRESSED
    return Answer.PASSED if unchanged or _measured(comparison) else Answer.NOTHING


def _measured(comparison: Comparison) -> bool:
    """Return whether anything was executed and judged; that neither side builds is no news."""
    return any(row.verdict for row in comparison.metrics) or any(
        row.verdict and {row.base.outcome, row.head.outcome} != {Outcome.BUILD_FAILED}
        for row in comparison.outcomes
    )


def _why_nothing(comparison: Comparison) -> str:
    sides = f"{comparison.base.name} and {comparison.head.name}"
    if not comparison.machines:
        return (
            f"no machine that was asked has results of {sides}: leave out --no-run to measure them, "
            "and name a runner that works here; `pagewalk doctor` lists those"
        )
    if not comparison.outcomes and not comparison.metrics:
        return f"no case was measured at both {sides}: leave out --no-run, or widen --bench"
    if any(row.verdict for row in comparison.outcomes):
        return f"neither {comparison.base.name} nor {comparison.head.name} builds: mend the build first"
    return (
        f"no case has a value at both {sides}: the comparison says why of each; "
        "`pagewalk doctor` says what can be measured here"
    )
