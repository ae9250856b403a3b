"""One bisection as its page shows it: what was asked, what was measured, and what is believed by now."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from pagewalk.analysis.bisection import Answer, Kind, decide
from pagewalk.analysis.bisection.decide import kind_of
from pagewalk.bisecting.asked import Asked, Attempt
from pagewalk.bisecting.finding import finding_of
from pagewalk.bisecting.search import question_of, situation
from pagewalk.bisecting.state import State
from pagewalk.processes import Standing
from pagewalk.reports.bisection_report import sentences
from pagewalk.units import quantity


@dataclass(frozen=True, slots=True)
class Candidate:
    """One commit of a search.

    Args:
        place: 0 is the good commit, the last one the bad.
        values: of its executions that gave a number, in base units.
        crashed: how many executions ended badly; `silent`: ended well and gave no number.
        skipped: whether it does not build.
        belief: posterior that it is the first bad commit; None while only the ends are known.
    """

    place: int
    commit: str
    subject: str
    values: tuple[float, ...] = ()
    crashed: int = 0
    silent: int = 0
    skipped: bool = False
    belief: float | None = None

    @property
    def executions(self) -> int:
        return len(self.values) + self.crashed + self.silent


@dataclass(frozen=True, slots=True)
class Look:
    """One search in full.

    Args:
        name: in addresses.
        standing: None where an older pagewalk wrote the file.
        taken: executions so far.
        asked: None as for `standing`; nothing but `taken` is known then.
        printed: the unit that a command printed behind its numbers; empty where it printed none.
        candidates: oldest first.
        kind: what good and bad differ in; None while that is not known.
        answer: None while there is none.
        reference: median of the good commit, where all values are positive; what others are divided by.
        seconds: estimated time to go; None where nothing runs or it cannot be told.
        words: sentences of the report, where there is an answer.
    """

    name: str
    standing: Standing | None
    taken: int
    asked: Asked | None = None
    printed: str = ""
    attempt: Attempt | None = None
    candidates: tuple[Candidate, ...] = ()
    kind: Kind | None = None
    answer: Answer | None = None
    reference: float | None = None
    seconds: float | None = None
    words: tuple[str, ...] = ()

    def told(self, value: float) -> str:
        """Return a value of the search with its unit, if that is known."""
        return quantity(value, self.asked.unit if self.asked else "", printed=self.printed)


def look_at(state: State, standing: Standing | None) -> Look:
    """Return what is known of a search.

    Raises:
        ArithmeticError, ValueError: the file holds numbers from which nothing can be concluded.
    """
    name, asked, attempt, taken = state.path.stem, state.asked, state.attempt, len(state.taken)
    if asked is None:
        return Look(name, standing, taken, attempt=attempt)
    question = question_of(asked)
    search = situation(question, state)
    with np.errstate(all="ignore"):
        kind = kind_of(search) if asked.metric else None
        step = decide(search) if asked.metric else None
    answer = step if isinstance(step, Answer) else None
    words: tuple[str, ...] = ()
    if answer is not None:
        where = asked.where if asked.subject else ""
        finding = finding_of(question, state, answer, asked.commits[answer.up_to][1], where)
        words = tuple(sentences(finding).splitlines())
    candidates = tuple(_candidates(state, asked, step.first_bad if step is not None else ()))
    reference = _reference(candidates)
    seconds = _seconds(attempt, taken) if standing is Standing.RUNNING else None
    return Look(
        name,
        standing,
        taken,
        asked,
        state.printed_unit,
        attempt,
        candidates,
        kind,
        answer,
        reference,
        seconds,
        words,
    )


def command_of(asked: Asked) -> str:
    """Return what to type to go on with a search."""
    ends = ["--good", asked.commits[0][0], "--bad", asked.commits[-1][0]]
    goal = ["--confidence", f"{asked.confidence:g}", "--budget", str(asked.budget)]
    if asked.subject:
        what = ["--subject", asked.subject, *ends, "--benchmark", asked.what, "--runner", asked.where]
        what += ["--metric", asked.metric] if asked.metric else []
    else:
        what = ["--repo", asked.where, *ends, "--command", asked.what]
    return shlex.join(["pagewalk", "bisect", *what, *goal])


def _candidates(state: State, asked: Asked, belief: Sequence[float]) -> Iterator[Candidate]:
    values: dict[str, list[float]] = {}
    crashed: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    skipped = set(state.skipped)
    for commit, found in state.taken:
        value = found.values.get(asked.metric)
        if found.crashed:
            crashed[commit] += 1
        elif value is None:
            silent[commit] += 1
        else:
            values.setdefault(commit, []).append(value)
    for place, (commit, subject) in enumerate(asked.commits):
        counts = tuple(values.get(commit, ())), crashed[commit], silent[commit]
        share = float(belief[place]) if len(belief) else None
        yield Candidate(place, commit, subject, *counts, commit in skipped, share)


def _reference(candidates: Sequence[Candidate]) -> float | None:
    good = candidates[0].values
    return median(good) if good and all(v > 0 for c in candidates for v in c.values) else None


def _seconds(attempt: Attempt | None, taken: int) -> float | None:
    """The pace of this attempt so far, for as many executions as are expected."""
    if attempt is None or attempt.remaining is None or taken <= attempt.before:
        return None
    return (attempt.updated - attempt.began) / (taken - attempt.before) * attempt.remaining
