"""Sits through a measurement: a progress bar with a remaining time, what goes wrong as it happens."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

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
from pagewalk.measuring import Request, Unfinished, plan, require_outcomes
from pagewalk.model import Outcome, Run
from pagewalk.sampling import Cell, Sitting
from pagewalk.sampling.plan import Turn

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
    with screen.status("building …"):
        cells = plan(request, lambda line: screen.print(line, style="dim", markup=False))
    require_outcomes(cells)
    cells = narrow(cells) if narrow else cells
    sitting = Sitting(history, name, cells, record_faults=not request.comparisons)
    if resumed:
        screen.print(f"Going on with the sitting {name}: {len(sitting.pending)} executions are left.")
    take_all(sitting, screen)
    if not request.adaptive:
        unfinished.forget()
    return sitting


def take_all(sitting: Sitting, screen: Console, go_on: Callable[[], bool] = lambda: True) -> None:
    """Take what is pending of a sitting, with a bar; `go_on` may end it early, between rounds."""
    pending = sitting.pending
    bad: dict[str, Outcome] = {}
    with bar(screen) as progress:
        task = progress.add_task("measuring", total=len(pending))

        def on_turn(turn: Turn) -> None:
            text = f"{turn.side.revision.name} · {turn.cell.runner.name} · {turn.cell.case.case}"
            progress.update(task, description=text[:LABEL].ljust(LABEL))

        def on_run(turn: Turn, run: Run) -> None:
            progress.advance(task)
            where = f"{turn.cell.case.case} at {turn.side.revision.name} on {turn.cell.runner.name}"
            if run.outcome is not Outcome.OK and where not in bad and not turn.record_faults:
                bad[where] = run.outcome
                signal = f" ({run.crash.signal})" if run.crash and run.crash.signal else ""
                progress.console.print(f"{run.outcome}{signal}: {where}", markup=False)

        sitting.run(on_turn, on_run, go_on)
