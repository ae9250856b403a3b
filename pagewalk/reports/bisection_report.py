"""A finished bisection as JSON and as sentences. `bisection.schema.json` describes every field."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from pagewalk.analysis.bisection import Answer, Kind, Status
from pagewalk.reports.wording import count_of, printable
from pagewalk.units import change, interval, number

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer with the names of what it speaks of.

    Args:
        commits: the good commit, then all candidates, oldest first.
        skipped: commits that did not build.
        builds: commits that were executed or tried.
        metric: what was measured, as a person calls it.
        about: subject line, author and date of the first bad commit; empty where there is none.
        where: the runner; empty for a command.
    """

    answer: Answer
    commits: Sequence[str]
    measurements: int
    builds: int
    skipped: Sequence[str]
    metric: str
    unit: str = ""
    about: str = ""
    where: str = ""

    @property
    def first_bad(self) -> str | None:
        """The commit to blame; None where it is not one alone, or not sure."""
        one = self.answer.up_to - self.answer.after == 1
        sure = self.answer.status in {Status.FOUND, Status.SEVERAL}
        return self.commits[self.answer.up_to] if one and sure else None

    @property
    def range(self) -> Sequence[str]:
        """The commits that may be the first bad one, oldest first; none where good and bad are alike."""
        if self.answer.status is Status.NOT_REPRODUCED:
            return ()
        return self.commits[self.answer.after + 1 : self.answer.up_to + 1]


def as_json(finding: Finding) -> dict[str, Json]:
    """Return a finding as values that `json.dumps` takes, valid by the schema."""
    answer, effect = finding.answer, finding.answer.effect
    shares = {c: round(p, 6) for c, p in zip(finding.commits, answer.first_bad, strict=True) if p >= 5e-7}
    sizes: Json = None
    if effect is not None:
        sizes = {
            "kind": "ratio" if answer.relative else "difference",
            "estimate": _number(effect.estimate),
            "low": _number(effect.low),
            "high": _number(effect.high),
        }
    return {
        "schema": 1,
        "status": str(answer.status),
        "first_bad": finding.first_bad,
        "posterior": round(answer.probability, 6),
        "range": list(finding.range),
        "measurements": finding.measurements,
        "builds": finding.builds,
        "good": finding.commits[0],
        "bad": finding.commits[-1],
        "kind": str(answer.kind),
        "metric": printable(finding.metric),
        "unit": finding.unit,
        "runner": printable(finding.where),
        "ratio": _number(effect.estimate) if effect is not None and answer.relative else None,
        "effect": sizes,
        "skipped": list(finding.skipped),
        "reason": printable(answer.reason),
        "posterior_by_commit": {**shares},
    }


def render(finding: Finding) -> str:
    """Return one JSON object and a line feed."""
    return json.dumps(as_json(finding), indent=2, allow_nan=False) + "\n"


def sentences(finding: Finding) -> str:
    """Return what a person wants to know, and what to type next."""
    answer = finding.answer
    lines = [headline(finding)]
    if size := _size(answer):
        lines.append(f"{printable(finding.metric)}: {size}")
    if answer.reason:
        lines.append(f"{printable(answer.reason)}.")
    cost = f"{count_of(finding.measurements, 'execution')} of {count_of(finding.builds, 'commit')}"
    skipped = ", ".join(commit[:10] for commit in finding.skipped[:8])
    more = f" and {len(finding.skipped) - 8} more" if len(finding.skipped) > 8 else ""
    lines.append(f"{cost}; did not build: {skipped}{more}" if skipped else cost)
    lines.append(f"  → {_next(finding)}")
    return "\n".join(lines) + "\n"


def headline(finding: Finding) -> str:
    """Return what it came to, in one line or two."""
    answer, count = finding.answer, len(finding.range)
    sure = f"posterior {answer.probability:.4f}"
    if finding.first_bad:
        word = "one of several" if answer.status is Status.SEVERAL else "the first bad commit"
        return f"{finding.first_bad} is {word} ({sure})\n  {printable(finding.about)}"
    if answer.status is Status.NOT_REPRODUCED:
        good, bad = (finding.commits[end][:10] for end in (0, -1))
        return f"Not reproduced: {good} and {bad} do not differ for sure."
    if answer.status is Status.BUDGET:
        return f"Not found yet. It is one of {count_of(count, 'commit')} ({sure}): {_ends(finding)}"
    return f"One of {count_of(count, 'commit')} is the first bad one ({sure}): {_ends(finding)}"


def _ends(finding: Finding) -> str:
    return f"{finding.range[0][:10]} … {finding.range[-1][:10]}"


def _size(answer: Answer) -> str:
    effect = answer.effect
    if effect is None:
        return ""
    sampled = answer.kind is Kind.SAMPLED
    if answer.relative:
        known = f" (95 %: {interval(effect.low, effect.high)})" if sampled else ""
        return f"{change(effect.estimate)}{known}"
    known = f" (95 %: {number(effect.low)} … {number(effect.high)})" if sampled else ""
    return f"{number(effect.estimate)}{known}"


def _next(finding: Finding) -> str:
    status = finding.answer.status
    if finding.first_bad:
        look = f"git show {finding.first_bad[:12]}"
        rest = f"; the other steps: search before it with --bad {finding.first_bad[:12]}~1"
        return look + (rest if status is Status.SEVERAL else "")
    if status is Status.NOT_REPRODUCED and finding.answer.kind is Kind.OUTCOME:
        return "execute it by hand at both ends: it should print a number at good at the least"
    if status is Status.NOT_REPRODUCED:
        return "choose commits further apart, a quieter machine, or a larger --budget"
    if status is Status.BUDGET:
        return "the same command with a larger --budget goes on from here"
    return f"mend the build of {finding.range[0][:10]} or its followers, or read: git log {_log(finding)}"


def _log(finding: Finding) -> str:
    return f"{finding.commits[finding.answer.after][:10]}..{finding.range[-1][:10]}"


def _number(value: float) -> Json:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value
