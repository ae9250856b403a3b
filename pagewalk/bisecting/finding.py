"""An answer with all that a report says of it: the same for the command's end and for a page."""

from dataclasses import replace

from pagewalk.analysis.bisection import Answer, Kind, Status
from pagewalk.bisecting.search import Question
from pagewalk.bisecting.state import State
from pagewalk.reports.bisection_report import Finding


def finding_of(question: Question, state: State, answer: Answer, about: str = "", where: str = "") -> Finding:
    """Return what was found.

    Args:
        about: subject line, and more, of the first bad commit.
        where: the runner; empty for a command.
    """
    order = {commit: place for place, commit in enumerate(question.commits)}
    skipped = {*state.skipped, *(state.mute(question.metric) if answer.kind is not Kind.OUTCOME else ())}
    return Finding(
        _with_last_words(answer, state),
        question.commits,
        measurements=len(state.taken),
        builds=len({c for c, _ in state.taken} | set(state.skipped)),
        skipped=sorted(skipped, key=lambda commit: order.get(commit, 0)),
        metric=question.metric,
        unit=question.unit or state.printed_unit,
        about=about,
        where=where,
    )


def _with_last_words(answer: Answer, state: State) -> Answer:
    """Say what the last execution said where both ends fail alike: that is what has to be mended."""
    alike = answer.status is Status.NOT_REPRODUCED and answer.kind is Kind.OUTCOME
    words = state.taken[-1][1].words if state.taken else ""
    return replace(answer, reason=f"{answer.reason}. Last: {words}") if alike and words else answer
