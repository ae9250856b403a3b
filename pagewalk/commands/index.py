"""pagewalk index: build the index that the pages read, or bring it up to date."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click
from rich.progress import Progress

from pagewalk.commands import options
from pagewalk.commands.progress import bar, console
from pagewalk.index.answering import queries
from pagewalk.index.changes.searching import searching
from pagewalk.index.database import Index, open_index
from pagewalk.index.location import default_index
from pagewalk.index.writing.updating import Options, Summary, update


@click.command("index")
@options.results_option
@click.option(
    "--index",
    "where",
    metavar="FILE",
    help="A file, or a database as `postgresql://user@host/name`. "
    "[default: a file below ~/.cache/pagewalk, one a results folder]",
)
@click.option(
    "--repo",
    "repository",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="A clone of what was measured: it orders the commits and knows their first lines.",
)
@click.option(
    "--changes/--no-changes",
    "look",
    default=True,
    show_default=True,
    help="Look for lasting changes in what is new, for the overview; Ctrl-C leaves it to the next time.",
)
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(results: Path | None, where: str | None, repository: Path | None, look: bool, style: str) -> None:
    """Build an index over a results folder, or bring it up to date.

    The pages of `pagewalk serve` read it. Only files that are new or changed are read; Ctrl-C is safe, and
    the same command goes on from there. An index can be deleted at any time: the files are the truth.

    \b
    pagewalk index                                            of this project's results/
    pagewalk index --results ~/numpy-benchmarks/results       of any other project that uses asv
    pagewalk index --results ~/pandas/results --repo ~/pandas   with its commits in order, by name
    pagewalk index --index postgresql://bench@db/pagewalk   for a team

    Files that cannot be read are listed with the reason and left out.
    """
    root = results or options.project_root() / "results"
    index = open_index(where or default_index(root), create=True)
    try:
        with bar(console()) as progress:
            task = progress.add_task("reading results", total=None)

            def on_progress(done: int, total: int) -> None:
                progress.update(task, completed=done >> 20, total=total >> 20)

            repositories = _repositories(root, repository) if repository else options.repositories_at_hand()
            workers = min(os.cpu_count() or 1, 4)
            summary = update(index, root, Options(repositories, workers, on_progress))
            if look:
                _look_for_changes(index, root, workers, progress)
        _print(index, summary, style)
    finally:
        index.close()


def _look_for_changes(index: Index, root: Path, workers: int, progress: Progress) -> None:
    task = progress.add_task("looking for changes", total=None)
    for done, total in searching(index, root, workers):
        progress.update(task, completed=done, total=total)


def _repositories(root: Path, named: Path) -> dict[str, Path]:
    return dict.fromkeys([root.resolve().name, *(p.name for p in root.iterdir() if p.is_dir())], named)


def _print(index: Index, summary: Summary, style: str) -> None:
    problems = queries.problems(index, limit=50)
    totals = queries.totals(index)
    if style == "json":
        body = {"index": index.where} | asdict(summary) | {"totals": asdict(totals)}
        body["problem_list"] = [asdict(problem) for problem in problems.rows]
        click.echo(json.dumps(body, indent=2))
        return
    click.echo(
        f"{summary.indexed:,} files read, {summary.unchanged:,} unchanged, {summary.removed:,} gone "
        f"in {summary.seconds:.2f} s."
    )
    click.echo(
        f"{totals.values:,} values of {totals.benchmarks:,} benchmarks at {totals.revisions:,} revisions "
        f"on {totals.machines:,} machines, in {index.where}"
    )
    for problem in problems.rows:
        place = f"{problem.path}:{problem.line}" if problem.line else problem.path
        click.echo(f"left out: {place}: {problem.reason}")
    if problems.total > len(problems.rows):
        click.echo(f"and {problems.total - len(problems.rows):,} more; see --format json.")
