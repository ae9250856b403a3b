"""pagewalk compare: measure two revisions turn by turn and say what changed."""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.settings import Settings
from pagewalk.commands import options
from pagewalk.commands.progress import console, sit, telling
from pagewalk.commands.settling import Duration, settle
from pagewalk.errors import ConfigError, HistoryError
from pagewalk.history import History, open_histories
from pagewalk.plugins import runners_named
from pagewalk.reports import json_report, markdown, terminal
from pagewalk.sampling.adaptive import Looks
from pagewalk.subjects import load_subject, prepare
from pagewalk.workflows.comparing import compare_pair, recorded_pair, revision_pair
from pagewalk.workflows.measuring import Request, Unfinished, usable


@click.command("compare")
@click.argument("base", shell_complete=options.complete_revision)
@click.argument("head", required=False, shell_complete=options.complete_revision)
@options.subject_option
@options.patch_option
@options.runner_option
@options.bench_option
@options.rounds_option
@options.profile_option
@click.option("--threshold", type=float, default=0.02, show_default=True, help="Smallest change that counts.")
@click.option("--adaptive", is_flag=True, help="Go on with what is unsure until it is settled.")
@click.option(
    "--budget",
    type=Duration(),
    default="10m",
    show_default=True,
    metavar="TIME",
    help="With --adaptive: time to spend on it, as 90s, 10m or 2h.",
)
@click.option(
    "--max-rounds",
    type=click.IntRange(1, 10_000),
    default=None,
    metavar="N",
    help="With --adaptive: most executions a side.  [default: 8 times --rounds]",
)
@click.option("--fresh", is_flag=True, help="Measure anew, even what a sitting of both has measured already.")
@click.option("--no-run", is_flag=True, help="Measure nothing; compare what the history has.")
@click.option(
    "--across-machines",
    is_flag=True,
    help="Compare even what was measured on another processor, kernel or libc; marked.",
)
@click.option("--all-rows", is_flag=True, help="Print rows that are the same everywhere, too.")
@options.format_option
@options.results_option
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click hands them over
    base: str,
    head: str | None,
    subject_name: str,
    patch: Path | None,
    runner_names: tuple[str, ...],
    patterns: tuple[str, ...],
    rounds: int,
    profile: str,
    threshold: float,
    adaptive: bool,
    budget: float,
    max_rounds: int | None,
    fresh: bool,
    no_run: bool,
    across_machines: bool,
    all_rows: bool,
    style: str,
    results: Path | None,
) -> None:
    """Measure BASE and HEAD turn by turn and say what changed, per architecture side by side.

    BASE and HEAD are revisions of the subject: tags, branches or hashes (`pagewalk revisions` lists
    them). With --patch FILE, HEAD is that revision with the patch applied.

    \b
    pagewalk compare go1.25.5+noswissmap go1.25.5 -r local -r qemu-arm64
    pagewalk compare go1.24.3 --patch subjects/patches/vgetrandom-mdestroy.patch -b LockedThreads
    pagewalk compare --subject malloc glibc mimalloc --format json
    pagewalk compare --subject malloc glibc mimalloc --adaptive --budget 30m
    pagewalk compare --no-run --results ../pandas/results 6bcd303 fef01c5    what asv measured elsewhere

    Stop it with Ctrl-C whenever you like: the same command goes on where it was stopped.
    """
    looks = Looks(rounds, max_rounds or 8 * rounds)
    settings = Settings(threshold=threshold, across_machines=across_machines)
    if adaptive:
        settings = replace(settings, alpha=looks.alpha(settings.alpha))
    sitting, request = None, None
    if no_run and patch is None and head is not None and (foreign := _foreign(results, subject_name)):
        pair, history = recorded_pair(foreign, base, head), foreign
    else:
        root = options.project_root()
        subject = load_subject(subject_name, root)
        prepare(subject)
        pair = revision_pair(subject, base, head, patch)
        history = History((results or root / "results") / subject.name, subject.name)
        if not no_run:
            runners = usable(runners_named(runner_names), named=bool(runner_names), say=console().print)
            request = Request(
                root, subject, pair, runners, patterns, rounds, adaptive=adaptive, quick=profile == "quick"
            )
            sitting = sit(request, history, fresh=fresh)
    machines = [m for m in history.machines() if not runner_names or m.name in _machine_names(runner_names)]
    if adaptive and sitting is not None and request is not None:
        judge = partial(compare_pair, history, pair, machines, patterns, settings)
        with telling(request) as live:
            found, finished = settle(sitting, looks, budget, judge, live)
        if finished:
            Unfinished(request, history).forget()
    else:
        with console().status("reading the history …"):
            found = compare_pair(history, pair, machines, patterns, settings)
    _print(found, style, all_rows=all_rows)


def _foreign(results: Path | None, subject_name: str) -> History | None:
    """Return the history in a folder that asv wrote for another project; None where it is one of ours.

    Raises:
        HistoryError: there is no such folder, or nothing of asv in it.
    """
    if results is None:
        return None
    found = open_histories(results)
    if not found and not options.in_project():
        raise HistoryError(
            f"There are no results of asv in {results}.",
            "Give a folder that holds a folder a machine, each with its machine.json.",
        )
    if subject_name in found or not found:
        return None
    if len(found) > 1:
        raise ConfigError(
            f"{results} holds the results of {', '.join(sorted(found))}, none of {subject_name}.",
            "Name one of them with --subject, or give its own folder with --results.",
        )
    return next(iter(found.values()))


def _machine_names(runner_names: Sequence[str]) -> set[str]:
    return {runner.machine for runner in runners_named(runner_names)}


def _print(comparison: Comparison, style: str, *, all_rows: bool) -> None:
    if style == "json":
        click.echo(json_report.render(comparison, indent=2), nl=False)
    elif style == "markdown":
        click.echo(markdown.render(comparison), nl=False)
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        width = shutil.get_terminal_size((120, 24)).columns
        click.echo(
            terminal.render(comparison, width=width, colour=colour, all_rows=all_rows), nl=False, color=colour
        )
