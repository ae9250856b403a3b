"""What `profile` and `flame` share: from words to recorded profiles of each side."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from pagewalk.analysis.profiles import Argument, Profile, arguments, pooled
from pagewalk.commands import options
from pagewalk.commands.progress import bar, console
from pagewalk.errors import HistoryError
from pagewalk.history import History
from pagewalk.model import Case, Revision
from pagewalk.plugins import runners_named
from pagewalk.protocols import Recorder
from pagewalk.subjects import Subject
from pagewalk.workflows.measuring import Request, plan, usable
from pagewalk.workflows.profiling import CYCLES, Recording, clock_event, one_cell

TIME, PROBE = "time", "probe:"


def event_options(function: Any) -> Any:
    """Add what both commands take: the event, how often, where to write."""
    added = (
        click.option(
            "--event",
            default=TIME,
            show_default=True,
            metavar="EVENT",
            help="What is sampled: `time` (cycles, or cpu-clock where there is no counter), `page-faults`, "
            "any event of `perf list`, the calls of a function, `probe:malloc`, with values of its arguments "
            "`probe:malloc(size)`; on emulated runners a simulated metric, as `dtlb_misses`.",
        ),
        click.option(
            "--times",
            type=click.IntRange(1, 200),
            default=10,
            show_default=True,
            metavar="N",
            help="Executions a side. Fewer than about eight can show no difference to be real.",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Write to FILE: .html a flame graph, .json speedscope, anything else folded stacks.",
        ),
    )
    for option in reversed(added):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Recorded:
    """The profiles of one case on one runner.

    Args:
        sides: one list of profiles a revision, in the order they were asked for.
    """

    case: str
    runner: str
    event: str
    sides: tuple[list[Profile], ...]

    def arguments(self) -> tuple[Argument, ...]:
        """Return what arguments of a probed function were, of one side or before and after."""
        *before, after = (pooled(side) for side in self.sides)
        return arguments(after, *before)

    def about(self) -> tuple[str, ...]:
        """Say what the numbers are, and what is missing of them."""
        counts = " and ".join(str(len(side)) for side in self.sides)
        lost = sum(profile.lost for side in self.sides for profile in side)
        all_of_it = sum(profile.total for side in self.sides for profile in side)
        what = "calls" if self.event.startswith(PROBE) else "samples"
        said = [f"{self.event} on {self.runner}, {counts} executions, {all_of_it} {what}."]
        if lost:
            said.append(f"{lost} {what} more were lost before perf could write them down.")
        return tuple(said)


def record(  # noqa: PLR0913 - what was asked for, each of another kind
    subject: Subject,
    revisions: tuple[Revision, ...],
    *,
    runner: str,
    pattern: str,
    event: str,
    times: int,
    history: History,
    root: Path,
) -> Recorded:
    """Build, record what is missing, and return the profiles of each revision.

    Raises:
        ConfigError: the words name no case, or several, or no event.
        Unavailable: the event cannot be recorded here.
        HistoryError: not one sample was taken of a side.
    """
    screen = console()
    runners = usable(runners_named((runner,)), named=True, say=screen.print)
    for recorder in runners:
        if isinstance(recorder, Recorder) and (event != TIME or recorder.emulated):
            recorder.require_event(event)
    request = Request(root, subject, revisions, runners, (pattern,))
    with screen.status("building …"):
        cell = one_cell(plan(request, lambda line: screen.print(line, style="dim", markup=False)))
    recording = Recording(history, cell, CYCLES if event == TIME else event, times)
    if event == TIME:
        chosen = clock_event(lambda name: replace(recording, event=name).try_one(), screen.print)
        recording = replace(recording, event=chosen)
    pending = recording.pending()
    with bar(screen) as progress:
        task = progress.add_task(f"recording {recording.event}", total=len(pending))
        for _side in recording.run():
            progress.advance(task)
    sides = tuple(recording.read(side) for side in cell.sides)
    require_samples(sides, revisions, cell.case.case, recording.event)
    return Recorded(str(cell.case.case), cell.runner.name, recording.event, sides)


def require_samples(
    sides: Sequence[Sequence[Profile]], revisions: Sequence[Revision], case: Case, event: str
) -> None:
    """Check that every side has something to show; one that has nothing is told beside what the other has.

    Raises:
        HistoryError: not one sample was taken of a side.
    """
    totals = [sum(profile.total for profile in side) for side in sides]
    named = list(zip((revision.name for revision in revisions), totals, strict=True))
    if all(totals):
        return
    without = " and ".join(name for name, total in named if not total)
    others = "".join(f"; {name} had {total}" for name, total in named if total)
    raise HistoryError(
        f"{case} at {without} had no {event} in its region{others}.",
        "That is an answer, too; another --event may tell more.",
    )


def history_of(subject: Subject, results: Path | None) -> History:
    """Return the history of a subject below a results folder, the project's own where none is named."""
    return History((results or options.project_root() / "results") / subject.name, subject.name)


def paper() -> Console:
    """Return the console for the result itself: as wide as the terminal, 120 columns where there is none."""
    return Console(highlight=False, width=shutil.get_terminal_size((120, 24)).columns)
