"""Watches a bisection: a bar of the posterior over commits, and how long it will take."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console

from pagewalk.bisecting.search import Question, Step
from pagewalk.bisecting.state import State

WIDTH = 32
BLOCKS = " ▁▂▃▄▅▆▇█"


@contextmanager
def watching(screen: Console, question: Question, state: State) -> Iterator[Callable[[Step], None]]:
    """Yield what is to be called before each step; says what a stopped search has measured already."""
    if state.taken:
        screen.print(f"Going on with {len(state.taken)} executions from before.", markup=False)
    begun, before = time.monotonic(), len(state.taken)
    with screen.status(f"bisecting {len(question.commits) - 1} commits …") as status:

        def on_step(step: Step) -> None:
            done = step.taken - before
            pace = (time.monotonic() - begun) / done if done else 0.0
            left = (
                f"about {_duration(pace * step.next.remaining)} left" if pace and step.next.remaining else ""
            )
            bar = posterior_bar(step.next.first_bad) or "measuring both ends".ljust(WIDTH)
            status.update(f"{bar} {step.taken} executions, now {step.commit[:10]} {left}")

        yield on_step


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


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
