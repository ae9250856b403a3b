"""The loop: ask analysis for the next step, execute it, write it down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pagewalk.analysis.bisection import Answer, Search, Taken, decide
from pagewalk.analysis.bisection.answer import Measure
from pagewalk.bisecting.asked import Asked
from pagewalk.bisecting.probe import Probe
from pagewalk.bisecting.state import State
from pagewalk.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched.

    Args:
        commits: the good one, then all candidates oldest first; the last is the bad one.
        metric: of executions.
        unit: base unit of the metric; empty where it is not known.
    """

    commits: Sequence[str]
    metric: str
    confidence: float = 0.99
    budget: int = 300
    build_cost: float = 0.0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What is about to be done, for whoever shows progress."""

    next: Measure
    commit: str
    taken: int


def question_of(asked: Asked) -> Question:
    """Return what a search does of what it was asked."""
    commits = [commit for commit, _ in asked.commits]
    return Question(commits, asked.metric, asked.confidence, asked.budget, asked.build_cost, asked.unit)


def situation(question: Question, state: State) -> Search:
    """Return what analysis needs to know."""
    places = {commit: place for place, commit in enumerate(question.commits)}
    taken = tuple(Taken(places[c], e.of(question.metric)) for c, e in state.taken if c in places)
    skipped = frozenset(places[c] for c in state.skipped if c in places)
    last = len(question.commits) - 1
    return Search(last, taken, skipped, question.confidence, question.budget, question.build_cost)


def bisect(question: Question, probe: Probe, state: State, on_step: Callable[[Step], None]) -> Answer:
    """Search until there is an answer.

    Raises:
        Unavailable: an end does not build, or the budget does not even cover the ends.
    """
    while True:
        search = situation(question, state)
        if lost := {0, search.last} & search.skipped:
            name = "good" if 0 in lost else "bad"
            commit = question.commits[min(lost)]
            raise Unavailable(
                f"The {name} commit {commit[:10]} does not build or was skipped (status 125).",
                f"Name another --{name} commit, one that builds.",
            )
        step = decide(search)
        if isinstance(step, Answer):
            return step
        if not search.left:
            raise Unavailable(
                f"A budget of {question.budget} does not cover the ends.", "Give a larger --budget."
            )
        commit = question.commits[step.place]
        on_step(Step(step, commit, len(search.taken)))
        state.expect(step.remaining or None)
        state.add(commit, probe.measure(commit))
