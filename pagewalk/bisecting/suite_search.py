"""A bisection of one case of a suite on one runner: what is known, the metric, the search."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from pagewalk.analysis.bisection.answer import Measure
from pagewalk.bisecting.asked import Asked
from pagewalk.bisecting.benchmark import BenchmarkProbe
from pagewalk.bisecting.candidates import describe, subject_lines
from pagewalk.bisecting.finding import finding_of
from pagewalk.bisecting.metric import ENOUGH, choose
from pagewalk.bisecting.search import Question, Step, bisect, question_of
from pagewalk.bisecting.state import State, load, name_of
from pagewalk.errors import ConfigError
from pagewalk.forges import commit_pages_of
from pagewalk.history import History
from pagewalk.history.runlog import new_sitting
from pagewalk.protocols import Runner
from pagewalk.reports.bisection_report import Finding, headline
from pagewalk.subjects import Subject
from pagewalk.suite import SuiteCase
from pagewalk.units import unit_of_metric
from pagewalk.workflows.measuring import select

Watch = Callable[[Question, State], AbstractContextManager[Callable[[Step], None]]]


@dataclass(frozen=True, slots=True)
class SuiteQuestion:
    """What a user asked.

    Args:
        pattern: regular expression that one case matches.
        metric: a name of `pagewalk.metrics`; None for the one that changed most surely.
        history: the results folder of the subject.
        state: where to keep the state; None for `.pagewalk/bisect/` of the project.
    """

    pattern: str
    metric: str | None
    confidence: float
    budget: int
    fresh: bool
    history: Path
    state: Path | None = None


def search_suite(  # noqa: PLR0913, PLR0917 - where, what, on what, between what
    root: Path, subject: Subject, runner: Runner, commits: list[str], asked: SuiteQuestion, watch: Watch
) -> Finding:
    """Search and return what was found.

    Raises:
        ConfigError: the pattern matches none or several cases.
        Unavailable: an end does not build, or nothing differs.
    """
    case = _one_case(root, subject, asked.pattern)
    words = (subject.name, commits[0], commits[-1], runner.name, str(case.case), case.version)
    path = asked.state or root / ".pagewalk" / "bisect" / name_of(words)
    state = load(path, words, fresh=asked.fresh)
    history = History(asked.history, subject.name)
    probe = BenchmarkProbe(root, subject, runner, case, history, new_sitting())
    if not state.taken:
        for commit in commits:
            for execution in probe.known(commit):
                state.add(commit, execution)
    before = len(state.taken)
    lines = tuple(zip(commits, subject_lines(subject.repository, commits), strict=True))
    pages = commit_pages_of(subject.repository)
    told = Asked(lines, str(case.case), runner.name, subject.name, asked.metric or "", pages=pages)
    told = replace(told, confidence=asked.confidence, budget=asked.budget, build_cost=1.0)
    try:
        with state.attempted(told):
            metric = asked.metric or _metric(probe, state, commits, watch, asked.budget)
            told = replace(told, metric=metric, unit=unit_of_metric(metric))
            state.ask(told)
            question = question_of(told)
            with watch(question, state) as on_step:
                answer = bisect(question, probe, state, on_step)
            about = str(describe(subject.repository, commits[answer.up_to]))
            finding = finding_of(question, state, answer, about, runner.name)
            state.conclude(headline(finding))
    finally:
        probe.publish(dict.fromkeys(commit for commit, _ in state.taken[before:]))
    return finding


def _one_case(root: Path, subject: Subject, pattern: str) -> SuiteCase:
    cases = select(root, subject, [pattern])
    if len(cases) > 1:
        named = [case for case in cases if str(case.case) == pattern]
        if not named:
            some = "\n".join(f"  {case.case}" for case in cases[:8])
            raise ConfigError(
                f"--benchmark {pattern!r} matches {len(cases)} cases:\n{some}",
                f"Name one of them: '{cases[0].case}'.",
            )
        return named[0]
    return cases[0]


def _metric(probe: BenchmarkProbe, state: State, commits: list[str], watch: Watch, budget: int) -> str:
    """Execute both ends by turns until it is clear what differs."""
    ends = (commits[0], commits[-1])
    with watch(Question(commits, ""), state) as on_step:
        while True:
            found = [[e for c, e in state.taken if c == end] for end in ends]
            fewest = min(map(len, found))
            exact = all(e.values and e.exact == set(e.values) for end in found for e in end)
            if (
                fewest >= (2 if exact else ENOUGH)
                or len(state.taken) >= budget
                or set(ends) & set(state.skipped)
            ):
                return choose(*found)
            place = 0 if len(found[0]) <= len(found[1]) else 1
            on_step(Step(Measure(place * (len(commits) - 1)), ends[place], len(state.taken)))
            state.add(ends[place], probe.measure(ends[place]))
