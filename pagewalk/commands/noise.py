"""pagewalk noise: compare a revision with itself, again and again, and keep how far it strays."""

import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from pagewalk.analysis.settings import Settings
from pagewalk.commands import options
from pagewalk.commands.progress import console, sit
from pagewalk.errors import HistoryError
from pagewalk.history import History
from pagewalk.history.noise import MeasuredFloor
from pagewalk.model import Revision
from pagewalk.plugins import runners_named
from pagewalk.subjects import Subject, load_subject, prepare, resolve, revisions
from pagewalk.units import limit_text, title_of_metric
from pagewalk.workflows.comparing import case_filter
from pagewalk.workflows.itself import floors_of, private_history
from pagewalk.workflows.measuring import Request, usable

Row = tuple[str, MeasuredFloor]


@click.command("noise")
@click.argument("revision", required=False, shell_complete=options.complete_revision)
@options.subject_option
@options.runner_option
@options.bench_option
@options.rounds_option
@click.option(
    "-k",
    "--comparisons",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    metavar="K",
    help="How often each case is compared with itself; with fewer than 20 the largest change is the floor.",
)
@click.option("--no-run", is_flag=True, help="Measure nothing; print the floors that are kept.")
@options.plain_format_option
@options.results_option
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click hands them over
    revision: str | None,
    subject_name: str,
    runner_names: tuple[str, ...],
    patterns: tuple[str, ...],
    rounds: int,
    comparisons: int,
    no_run: bool,
    style: str,
    results: Path | None,
) -> None:
    """Compare REVISION with itself and keep how much each benchmark strays: its noise floor.

    Both sides take turns as in `pagewalk compare`. The floor is what 95 % of the comparisons stay
    below. `compare`, the gate and the pages let no change count that is smaller. REVISION is the
    newest one that was measured, unless you name another.

    \b
    pagewalk noise                                   every case, wherever it works
    pagewalk noise go1.25.5 -r local -b gomap        one release, here, maps only
    pagewalk noise --subject malloc -k 40            more of them: a surer floor
    pagewalk noise --no-run --format json            what is known already

    Stop it with Ctrl-C whenever you like: the same command goes on where it was stopped.
    """
    root = options.project_root()
    subject = load_subject(subject_name, root)
    history = History((results or root / "results") / subject.name, subject.name)
    if not no_run:
        prepare(subject)
        wanted = resolve(subject, revision) if revision else _newest(subject, history)
        runners = usable(runners_named(runner_names), named=bool(runner_names), say=console().print)
        request = Request(root, subject, (wanted,), runners, patterns, rounds, comparisons)
        _measure(request, history)
    machines = [runner.machine for runner in runners_named(runner_names)] if runner_names else None
    rows = list(_kept(history, patterns, machines))
    if not rows:
        raise HistoryError(
            f"No noise floor is kept in {history.folder}.", f"Type `pagewalk noise --subject {subject.name}`."
        )
    _print(rows, style)


def _newest(subject: Subject, history: History) -> Revision:
    measured = history.revisions() if history.folder.is_dir() else []
    return resolve(subject, measured[-1].commit) if measured else revisions(subject)[-1]


def _measure(request: Request, history: History) -> None:
    private = private_history(request.root, history)
    sitting = sit(request, private)
    found = floors_of(request, private, sitting.name, sitting.cells)
    for machine, floors in found.items():
        history.keep_floors(machine, floors)
    console().print(f"Kept {sum(map(len, found.values()))} noise floors in {history.folder}.")


def _kept(history: History, patterns: Sequence[str], machines: Sequence[str] | None) -> Iterator[Row]:
    for folder in sorted(path.parent for path in history.folder.glob("*/noise.jsonl")):
        if machines is None or folder.name in machines:
            matches = case_filter(patterns)
            yield from ((folder.name, f) for f in history.floors(folder.name) if matches(f.case))


def _print(rows: Sequence[Row], style: str) -> None:
    if style == "json":
        click.echo(json.dumps([_fields(*row) for row in rows], indent=2, ensure_ascii=False))
        return
    threshold = Settings().threshold
    table = Table(box=None, pad_edge=False)
    for heading in ("benchmark", "runner", "metric"):
        table.add_column(heading)
    for heading in ("floor", "A/A", "samples a side"):
        table.add_column(heading, justify="right")
    for machine, floor in rows:
        weight = "bold" if floor.floor > threshold else ""
        size = limit_text(floor.floor) if math.isfinite(floor.floor) else "any"
        title = title_of_metric(floor.metric)
        counts = str(floor.comparisons), str(floor.samples)
        table.add_row(str(floor.case), machine, title, size, *counts, style=weight)
    Console(file=sys.stdout, highlight=False).print(table)


def _fields(machine: str, floor: MeasuredFloor) -> dict[str, object]:
    return {
        "benchmark": floor.case.benchmark,
        "params": dict(floor.case.params),
        "machine": machine,
        "metric": floor.metric,
        "floor": floor.floor if math.isfinite(floor.floor) else None,
        "comparisons": floor.comparisons,
        "samples": floor.samples,
        "revision": floor.revision,
        "commit": floor.commit,
        "taken": floor.taken,
        "circumstances": dict(floor.circumstances),
    }
