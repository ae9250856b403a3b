"""Sits through a measurement: a progress bar with a remaining time, what goes wrong as it happens.

The same is told to whoever looks on from outside (`pagewalk.live`).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from pagewalk.history import History
from pagewalk.live import FOLDER, Reporter, Result, reporting
from pagewalk.metrics import METRICS
from pagewalk.model import Outcome, Run
from pagewalk.reports.wording import count_of
from pagewalk.sampling import Cell, Sitting
from pagewalk.sampling.plan import Turn
from pagewalk.units import duration, quantity, title_of_metric, unit_of_metric
from pagewalk.workflows.durations import Durations
from pagewalk.workflows.measuring import Request, Unfinished, plan, require_outcomes

LABEL = 46
Narrow = Callable[[Sequence[Cell]], list[Cell]]


def console() -> Console:
    """Return the console for everything that is not the result itself."""
    return Console(stderr=True, highlight=False)


@contextmanager
def bar(screen: Console) -> Iterator[Progress]:
    """Show how much of counted work is done, and how long the rest takes; nothing where nobody looks."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        yield progress


def sit(request: Request, history: History, *, fresh: bool = False, narrow: Narrow | None = None) -> Sitting:
    """Build and measure what was asked for and return the sitting.

    Args:
        fresh: begin anew, even where an unfinished sitting of the same request could be gone on with.
        narrow: chooses what is executed of the cells that were planned; all are without it.
    """
    screen = console()
    unfinished = Unfinished(request, history)
    if fresh:
        unfinished.forget()
    name, resumed = unfinished.begin()
    with telling(request) as live:
        with screen.status("building …"):
            cells = plan(request, partial(_say, screen, live))
        require_outcomes(cells)
        cells = narrow(cells) if narrow else cells
        # A second a case, as much as all else of a quick measurement
        faults = not (request.comparisons or request.quick)
        sitting = Sitting(history, name, cells, record_faults=faults)
        if resumed:
            screen.print(f"Going on with the sitting {name}: {len(sitting.pending)} executions are left.")
        durations = Durations(request.root / ".pagewalk" / "durations.json")
        if sitting.pending:
            screen.print(how_long(sitting.pending, durations))
        take_all(sitting, screen, live, durations=durations)
    if not request.adaptive:
        unfinished.forget()
    return sitting


def telling(request: Request) -> AbstractContextManager[Reporter]:
    """Tell whoever looks on what the present command does with a request."""
    context = click.get_current_context(silent=True)
    commits = tuple((revision.name, revision.commit) for revision in request.revisions)
    command = (context.info_name if context else None) or "run"
    folder = request.root / FOLDER
    what = " ".join(request.patterns)
    return reporting(folder, command, request.subject.name, what=what, commits=commits, now="building")


def _say(screen: Console, live: Reporter, line: str) -> None:
    screen.print(line, style="dim", markup=False)
    live.tell(now=line)


def how_long(turns: Sequence[Turn], durations: Durations) -> str:
    """Return how many executions are to be done, and how long they will take as far as anybody can tell."""
    much, expected = count_of(len(turns), "execution"), durations.expected(turns)
    if expected is None:
        return f"{much}; no estimate yet, since nothing like that was executed here before."
    seconds, guessed = expected
    sure = "" if guessed <= len(turns) / 2 else "; a guess, since most were never executed here"
    return f"{much}, about {duration(max(1.0, seconds))}{sure}."


def take_all(
    sitting: Sitting,
    screen: Console,
    live: Reporter,
    go_on: Callable[[], bool] = lambda: True,
    *,
    durations: Durations | None = None,
) -> None:
    """Take what is pending of a sitting, with a bar; `go_on` may end it early, between rounds.

    Args:
        durations: learns how long each execution takes.
    """
    total, begun, done = len(sitting.pending), time.monotonic(), 0
    last = begun
    bad: dict[str, Outcome] = {}
    live.tell(done=0, total=total, remaining=None)
    with bar(screen) as progress:
        task = progress.add_task("measuring", total=total)

        def on_turn(turn: Turn) -> None:
            text = f"{turn.side.revision.name} · {turn.cell.runner.name} · {turn.cell.case.case}"
            progress.update(task, description=text[:LABEL].ljust(LABEL))
            live.tell(now=text)
            nonlocal last
            last = time.monotonic()

        def on_run(turn: Turn, run: Run) -> None:
            nonlocal done
            done += 1
            if durations:
                durations.learn(turn, time.monotonic() - last)
            progress.advance(task)
            where = f"{turn.cell.case.case} at {turn.side.revision.name} on {turn.cell.runner.name}"
            result = None if turn.record_faults else Result(time.time(), where, run.outcome, _words(run))
            remaining = (time.monotonic() - begun) / done * (total - done)
            live.tell(result, done=done, remaining=remaining)
            if not run.outcome.good and where not in bad and not turn.record_faults:
                bad[where] = run.outcome
                signal = f" ({run.crash.signal})" if run.crash and run.crash.signal else ""
                progress.console.print(f"{run.outcome}{signal}: {where}", markup=False)

        try:
            sitting.run(on_turn, on_run, go_on)
        finally:
            if durations:
                durations.keep()


def _words(run: Run) -> str:
    """Return the time of an execution, else the first thing that it counted, else what it died of."""
    if run.crash is not None:
        return run.crash.signal or " ".join(run.crash.last_output[-1:])
    values = {sample.metric: sample.value for sample in run.samples}
    metric = next((name for name in METRICS if name in values), None)
    if metric is None:
        return ""
    return f"{title_of_metric(metric)} {quantity(values[metric], unit_of_metric(metric))}"
