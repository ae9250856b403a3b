"""Watches a bisection: a bar of the posterior over commits, and how long it will take."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console

from pagewalk.bisecting.probe import Execution
from pagewalk.bisecting.search import Question, Step
from pagewalk.bisecting.state import State
from pagewalk.live import Reporter, Result
from pagewalk.model import Outcome
from pagewalk.units import duration, quantity

WIDTH = 32
BLOCKS = " ▁▂▃▄▅▆▇█"


@contextmanager
def watching(
    screen: Console, question: Question, state: State, live: Reporter
) -> Iterator[Callable[[Step], None]]:
    """Yield what is to be called before each step; says what a stopped search has measured already."""
    if state.taken and (state.attempt is None or state.attempt.before == len(state.taken)):
        screen.print(f"Going on with {len(state.taken)} executions from before.", markup=False)
    live.tell(search=state.path.stem, done=len(state.taken), commits=_ends(question))
    begun, before = time.monotonic(), len(state.taken)
    told = Told(before, len(state.skipped))
    with screen.status(f"bisecting {len(question.commits) - 1} commits …") as status:

        def on_step(step: Step) -> None:
            done = step.taken - before
            pace = (time.monotonic() - begun) / done if done else 0.0
            remaining = pace * step.next.remaining or None
            left = f"about {duration(remaining)} left" if remaining else ""
            bar = posterior_bar(step.next.first_bad) or "measuring both ends".ljust(WIDTH)
            status.update(f"{bar} {step.taken} executions, now {step.commit[:10]} {left}")
            live.tell(
                told.news(question, state),
                now=step.commit[:10],
                done=step.taken,
                total=step.taken + step.next.remaining if step.next.remaining else None,
                remaining=remaining,
            )

        yield on_step
        live.tell(told.news(question, state), done=len(state.taken), total=len(state.taken))


@dataclass(slots=True)
class Told:
    """How much of a state was told already."""

    taken: int
    skipped: int

    def news(self, question: Question, state: State) -> Result | None:
        """Return what the last step came to; None where there was none since."""
        taken, skipped = len(state.taken), len(state.skipped)
        new_taken, new_skipped = taken > self.taken, skipped > self.skipped
        self.taken, self.skipped = taken, skipped
        if new_skipped:
            return Result(time.time(), state.skipped[-1][:10], Outcome.BUILD_FAILED)
        if not new_taken:
            return None
        commit, found = state.taken[-1]
        if found.crashed:
            return Result(time.time(), commit[:10], Outcome.CRASHED, found.words)
        return Result(time.time(), commit[:10], Outcome.OK, _number_of(found, question))


def _number_of(found: Execution, question: Question) -> str:
    value = found.values.get(question.metric)
    if value is None:
        return "no number"
    return quantity(value, question.unit, printed=found.unit)


def _ends(question: Question) -> tuple[tuple[str, str], ...]:
    return tuple((commit[:10], commit) for commit in (question.commits[0], question.commits[-1]))


def posterior_bar(first_bad: Sequence[float]) -> str:
    """Return the posterior over commits, oldest left, as a line of blocks; empty where there is none."""
    shares = first_bad[1:]
    if not shares:
        return ""
    width = min(WIDTH, len(shares))
    sums = [0.0] * width
    for place, share in enumerate(shares):
        sums[place * width // len(shares)] += share
    top = max(sums)
    # What is possible at all shows, be it ever so little.
    return "".join(BLOCKS[max(share > 1e-6, round(8 * share / top))] for share in sums)
