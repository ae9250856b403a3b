"""Options that several commands share, and what they mean."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pagewalk.errors import ConfigError, PagewalkError
from pagewalk.git import is_repository
from pagewalk.history import History, open_histories
from pagewalk.plugins import ON_REQUEST, load_runners
from pagewalk.subjects import load_subject, prepare, revisions, subject_names

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def project_root(start: Path | None = None) -> Path:
    """Return the nearest folder, from `start` upwards, that holds asv.conf.json and subjects/.

    Raises:
        ConfigError: there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "asv.conf.json").is_file() and (folder / "subjects").is_dir():
            return folder
    raise ConfigError(
        f"{here} is not inside a pagewalk project: no asv.conf.json with subjects/ beside it.",
        "Change into your clone of pagewalk first.",
    )


def history_of(results: Path | None, subject: str) -> History:
    """Return the history of a subject under a folder of results, or the only one there is.

    Args:
        results: any asv results folder, or one that holds one a subject; the project's own for None.

    Raises:
        HistoryError: there is no such folder.
        ConfigError: there are several histories, and none is the subject's.
    """
    root = results or project_root() / "results"
    found = open_histories(root)
    if len(found) == 1 and subject not in found:
        return next(iter(found.values()))
    if not found:
        raise ConfigError(
            f"There are no results in {root}.",
            "Type `pagewalk run` to measure something, or give another folder with --results.",
        )
    if subject not in found:
        raise ConfigError(
            f"There are no results of {subject} in {root}.",
            f"Name another subject with --subject: {', '.join(found)}.",
        )
    return found[subject]


def in_project() -> bool:
    """Return whether the current folder is inside a pagewalk project."""
    try:
        project_root()
    except ConfigError:
        return False
    return True


def repositories_at_hand() -> dict[str, Path]:
    """Return the repositories that the project's subjects have, by name; nothing is fetched for this."""
    try:
        project = project_root()
        subjects = [load_subject(name, project) for name in subject_names(project)]
    except PagewalkError:
        return {}
    return {one.name: one.repository for one in subjects if is_repository(one.repository)}


def _complete_subject(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    try:
        return [name for name in subject_names(project_root()) if name.startswith(incomplete)]
    except PagewalkError:
        return []


def complete_revision(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a revision of the subject that was named."""
    try:
        subject = load_subject(ctx.params.get("subject_name") or "go", project_root())
        prepare(subject)
        return [r.name for r in revisions(subject) if r.name.startswith(incomplete)]
    except PagewalkError:
        return []


def _complete_runner(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    runners = (*load_runners()[0], *load_runners(ON_REQUEST)[0])
    return [runner.name for runner in runners if runner.name.startswith(incomplete)]


subject_option: Decorator = click.option(
    "-s",
    "--subject",
    "subject_name",
    default="go",
    show_default=True,
    metavar="NAME",
    shell_complete=_complete_subject,
    help="What is under test: a file under subjects/, by name.",
)
runner_option: Decorator = click.option(
    "-r",
    "--runner",
    "runner_names",
    multiple=True,
    metavar="NAME",
    shell_complete=_complete_runner,
    help="Where to measure; may be given several times. [default: all that work here]",
)
recorder_option: Decorator = click.option(
    "-r",
    "--runner",
    default="local",
    show_default=True,
    metavar="NAME",
    shell_complete=_complete_runner,
    help="Where to record.",
)
revision_option: Decorator = click.option(
    "--revision", metavar="REV", shell_complete=complete_revision, help="[default: the newest]"
)
bench_option: Decorator = click.option(
    "-b",
    "--bench",
    "patterns",
    multiple=True,
    metavar="REGEX",
    help="Only cases that match, as `alloc` or `Churn.*size=16`; may be given several times.",
)
results_option: Decorator = click.option(
    "--results",
    "results",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="The results folder. [default: results/ of the project]",
)
index_option: Decorator = click.option(
    "--index",
    "index",
    default=None,
    metavar="FILE",
    help="The index of the results: a file, or an SQLAlchemy URL. [default: one a folder, in the cache]",
)
patch_option: Decorator = click.option(
    "--patch",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Apply this patch to HEAD (to BASE where no HEAD is given); the result is the head.",
)
profile_option: Decorator = click.option(
    "--profile",
    "profile",
    type=click.Choice(["full", "quick"]),
    default="full",
    show_default=True,
    help="full: every set of parameters; quick: those that tell most, a few minutes for all suites; "
    "`run` then takes half the rounds unless --rounds says how many, and no faults are recorded with stacks.",
)

rounds_option: Decorator = click.option(
    "--rounds",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    metavar="N",
    help="Executions a side for what is sampled; exact counters always take two.",
)
plain_format_option: Decorator = click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
format_option: Decorator = click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="How to print the comparison.",
)
