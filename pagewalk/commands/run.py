"""pagewalk run: measure revisions and add them to the history."""

from collections.abc import Sequence
from pathlib import Path

import click
from click.core import ParameterSource
from rich.table import Table
from rich.text import Text

from pagewalk.commands import options
from pagewalk.commands.progress import console, sit
from pagewalk.history import History
from pagewalk.model import Outcome, Record, Revision
from pagewalk.plugins import runners_named
from pagewalk.protocols import Runner
from pagewalk.subjects import load_subject, prepare, resolve
from pagewalk.workflows.measuring import Request, usable


@click.command("run")
@click.argument("revisions", nargs=-1, required=True, shell_complete=options.complete_revision)
@options.subject_option
@options.runner_option
@options.bench_option
@options.rounds_option
@options.profile_option
@options.results_option
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click hands them over
    revisions: tuple[str, ...],
    subject_name: str,
    runner_names: tuple[str, ...],
    patterns: tuple[str, ...],
    rounds: int,
    profile: str,
    results: Path | None,
) -> None:
    """Measure REVISIONS, all of them turn by turn, and add them to the history.

    \b
    pagewalk run go1.25.5                              all that applies, on every runner that works
    pagewalk run go1.24.11 go1.25.5 -r local -b gomap  two releases, interleaved, maps only
    pagewalk run --subject malloc mimalloc -r qemu-riscv64

    asv sees the same results: `asv show`, `asv compare`, `asv publish` work on them.
    """
    screen = console()
    root = options.project_root()
    subject = load_subject(subject_name, root)
    prepare(subject)
    wanted = tuple(resolve(subject, name) for name in revisions)
    history = History((results or root / "results") / subject.name, subject.name)
    runners = usable(runners_named(runner_names), named=bool(runner_names), say=screen.print)
    quick = profile == "quick"
    rounds = _quick_rounds(rounds) if quick else rounds
    request = Request(root, subject, wanted, runners, patterns, rounds, quick=quick)
    name = sit(request, history).name
    screen.print(_summary(history, name, wanted, runners))
    screen.print(f"Written to {history.folder}. Compare with `pagewalk compare`, look with `pagewalk serve`.")


def _quick_rounds(rounds: int) -> int:
    """Halve the rounds unless somebody asked for so many."""
    source = click.get_current_context().get_parameter_source("rounds")
    return rounds if source is ParameterSource.COMMANDLINE else max(1, rounds // 2)


def _summary(history: History, sitting: str, wanted: Sequence[Revision], runners: Sequence[Runner]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("revision", "runner", "cases", "failed as expected", "not ok"):
        table.add_column(heading, overflow="fold")
    for revision in wanted:
        for runner in runners:
            records = history.records(revision.commit, runner.machine, sitting)
            table.add_row(revision.name, runner.name, *summary_row(list(records.values())))
    return table


def summary_row(records: Sequence[Record]) -> tuple[Text, Text, Text]:
    """Return how many cases there are, which failed as they have to, and which did what they should not."""
    expected = [str(record.case) for record in records if record.outcome is Outcome.AS_EXPECTED]
    bad = [f"{record.case}: {record.outcome}" for record in records if not record.outcome.good]
    return (
        Text(str(len(records))),
        Text("; ".join(expected) or "none", style="dim"),
        Text("; ".join(bad) or "none", style="bold red" if bad else ""),
    )
