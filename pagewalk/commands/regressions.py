"""pagewalk regressions: what changed for good over a whole history, and at which commits."""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click
from rich.console import Console

from pagewalk.analysis.regressions import (
    Change,
    HistorySeries,
    Limits,
    changes_of,
    control,
    looked_at,
    moved_together,
)
from pagewalk.analysis.regressions.told import Regressions
from pagewalk.commands import options
from pagewalk.commands.progress import bar, console
from pagewalk.errors import ConfigError, HistoryError, PagewalkError, UnknownRevision
from pagewalk.git import is_repository
from pagewalk.history import History
from pagewalk.model import Machine, Revision
from pagewalk.plugins import load_runners
from pagewalk.reports import regressions_json, regressions_text
from pagewalk.subjects import load_subject, subject_names
from pagewalk.workflows.comparing import case_filter
from pagewalk.workflows.regressing import commits_between, ordered, series_of

SHOWN = 20
"""Changes in a terminal without --all."""

WORTH_WORKERS = 400
"""Series from which on starting processes is quicker than not."""

CHUNK = 25
"""Series a process is handed at a time."""


@click.command("regressions")
@options.subject_option
@options.runner_option
@options.bench_option
@click.option(
    "-m", "--metric", "metrics", multiple=True, metavar="NAME", help="Only these metrics, as `time`."
)
@click.option(
    "--since",
    metavar="REV",
    shell_complete=options.complete_revision,
    help="Only what changed at REV or later; all of the history is looked at all the same.",
)
@click.option(
    "--threshold", type=float, default=2.0, show_default=True, metavar="PERCENT", help="Least change."
)
@click.option("--all", "everything", is_flag=True, help=f"More than the worst {SHOWN} changes.")
@options.plain_format_option
@options.results_option
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click hands them over
    subject_name: str,
    runner_names: tuple[str, ...],
    patterns: tuple[str, ...],
    metrics: tuple[str, ...],
    since: str | None,
    threshold: float,
    everything: bool,
    style: str,
    results: Path | None,
) -> None:
    """Find what changed for good over a history: regressed, improved, broken, fixed.

    Each change is told with the commits it happened between, its size with an interval, whether it
    stands or has been recovered since, and how to bisect it. Measures nothing: reads what is there,
    of this project or of any other that uses asv.

    \b
    pagewalk regressions --subject malloc                    everything, the worst first
    pagewalk regressions -s go -b gomap --since go1.25.0     maps, since a release
    pagewalk regressions --results ~/numpy-bench/results     another project's history
    pagewalk regressions --format json                       for programs: all of it
    """
    history = options.history_of(results, subject_name)
    repository = _repository(history.subject)
    revisions = ordered(history.revisions(), repository)
    machines = _machines(history, runner_names)
    first = _index(revisions, since) if since else 0
    limits = Limits(threshold=threshold / 100)
    series = _read(history, revisions, machines, patterns, metrics)
    if not series:
        raise HistoryError(
            f"{history.folder} holds no values of what you asked for.",
            "Leave out --bench, --metric or --runner, or measure something with `pagewalk run`.",
        )
    long_enough = looked_at(series)
    told = control(_search(series, limits), long_enough, limits.alpha)
    chosen = [change for change in told if change.place.at >= first]
    places = {change.place for change in chosen}
    commits = {
        p: commits_between(repository, revisions[p.after].commit, revisions[p.at].commit) for p in places
    }
    found = Regressions(
        history.subject, revisions, machines, chosen, len(series), commits, moved_together(told), limits,
        len(series) - long_enough, Counter(reason for one in series for reason in one.missing),
    )  # fmt: skip
    _print(found, style, everything=everything)


def _repository(subject: str) -> Path | None:
    """The subject's repository, where this is a project that knows it and it has been made."""
    try:
        root = options.project_root()
        if subject not in subject_names(root):
            return None
        repository = load_subject(subject, root).repository
    except PagewalkError:  # a foreign folder of results needs no project around it
        return None
    return repository if is_repository(repository) else None


def _machines(history: History, names: Sequence[str]) -> list[Machine]:
    known = history.machines()
    by_runner = {runner.name: runner.machine for runner in load_runners()[0]} if names else {}
    wanted = {by_runner.get(name, name) for name in names}
    chosen = [machine for machine in known if not names or machine.name in wanted]
    if not chosen:
        raise ConfigError(
            f"{history.folder} has no results of {', '.join(names) or 'any machine'}.",
            f"It has: {', '.join(machine.name for machine in known) or 'none'}.",
        )
    return chosen


def _index(revisions: Sequence[Revision], name: str) -> int:
    for at, revision in enumerate(revisions):
        if name == revision.name or (len(name) >= 4 and revision.commit.startswith(name)):
            return at
    newest = ", ".join(revision.name for revision in revisions[-3:]) or "none"
    raise UnknownRevision(f"The history has no results of {name!r}.", f"The newest it has are {newest}.")


def _read(
    history: History,
    revisions: Sequence[Revision],
    machines: Sequence[Machine],
    patterns: Sequence[str],
    metrics: Sequence[str],
) -> list[HistorySeries]:
    wanted = case_filter(patterns)
    found: list[HistorySeries] = []
    with bar(console()) as progress:
        task = progress.add_task("reading", total=len(machines) * len(revisions))
        for machine in machines:
            found += series_of(history, revisions, machine, wanted, lambda: progress.advance(task))
    return [one for one in found if not metrics or one.name.metric in metrics]


def _search(series: Sequence[HistorySeries], limits: Limits) -> list[Change]:
    found: list[Change] = []
    with bar(console()) as progress:
        task = progress.add_task("looking for changes", total=len(series))
        if len(series) < WORTH_WORKERS:
            for one in series:
                found += changes_of(one, limits)
                progress.advance(task)
            return found
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            try:
                for changes in pool.map(changes_of, series, [limits] * len(series), chunksize=CHUNK):
                    found += changes
                    progress.advance(task)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return found


def _print(found: Regressions, style: str, *, everything: bool) -> None:
    if style == "json":
        click.echo(regressions_json.render(found, indent=2), nl=False)
        return
    screen = Console(file=sys.stdout, highlight=False)
    screen.print(regressions_text.render(found, most=None if everything else SHOWN), soft_wrap=True)
