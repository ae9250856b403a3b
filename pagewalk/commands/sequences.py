"""pagewalk sequences: find sequences of calls that crash or regress, shrink them, and keep them."""

import json
import sys
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from pagewalk.commands import options
from pagewalk.commands.progress import bar, console
from pagewalk.model import Provenance, Revision
from pagewalk.plugins import runner_named
from pagewalk.protocols import Runner
from pagewalk.reports.wording import count_of, printable
from pagewalk.sequences.file import NAME, read_sequences, remember
from pagewalk.sequences.growth import turns
from pagewalk.sequences.replay import BuiltReplay, build_replay
from pagewalk.sequences.search import Finding, Ground, as_sequence, look_at, numbered, shrunk
from pagewalk.subjects import Subject, load_subject, prepare, resolve
from pagewalk.workflows.measuring import usable

PROGRAMS = {"c": "alloc_sequence", "go": "gosequence"}
KNOBS = {"c": (), "go": (("processors", "1"),)}
"""Go's counts vary by 30 % where idle workers of the collector spin, and by 2 % on one processor."""
METRICS_WEIGHED = ("instructions", "time")


@click.group("sequences")
def command() -> None:
    """Find sequences of calls that crash or regress, and keep the smallest that do.

    A sequence is drawn from its number and replayed exactly. One that ends badly at a revision, or
    takes more there than at its base, is shrunk until no step can be spared, and becomes a parameter
    of the suite `sequences`, measured with all others from then on.

    \b
    pagewalk sequences find v1.2 --subject pool -r local                  which crash it?
    pagewalk sequences find v1.2 --base v1.0 --subject pool -r qemu-riscv64   which got dearer?
    pagewalk sequences find go1.25.5 -r qemu-arm64 --most 64              maps and calls to C, in Go
    pagewalk sequences find go1.25.5 --base go1.24.11 -r qemu-arm64 -n 20     which maps got dearer?
    pagewalk sequences list                                               those that are kept
    """


@command.command("list")
@options.plain_format_option
def list_command(style: str) -> None:
    """Print the sequences of this project."""
    known = read_sequences(options.project_root())
    if style == "json":
        rows = [
            {"name": s.name, "program": s.program, "options": dict(s.options), "found": s.found}
            for s in known
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("sequence", "options", "found"):
        table.add_column(heading, overflow="fold")
    for one in known:
        table.add_row(one.name, " ".join(one.arguments), printable(one.found))
    Console(file=sys.stdout, highlight=False).print(table)


@command.command("find")
@click.argument("revision", shell_complete=options.complete_revision)
@click.option(
    "--base",
    metavar="REVISION",
    shell_complete=options.complete_revision,
    help="Compare with this one: what ends alike there is no news, what takes more than there is.",
)
@options.subject_option
@click.option("-r", "--runner", "runner_name", default="local", show_default=True, help="Where to replay.")
@click.option("-n", "--count", default=100, show_default=True, help="How many sequences are tried.")
@click.option("--first", default=1, show_default=True, help="The number of the first.")
@click.option("--length", default=400, show_default=True, help="Steps of each.")
@click.option("--slots", default=64, show_default=True, help="Blocks that may be alive at once.")
@click.option(
    "--most",
    default=4096,
    show_default=True,
    metavar="N",
    help="The largest block; for Go, the number of keys.",
)
@click.option(
    "--growth",
    default=10.0,
    show_default=True,
    metavar="PERCENT",
    help="With --base: by how much the instructions must grow, or the time where there are none.",
)
@click.option("--dry-run", is_flag=True, help="Keep nothing.")
def find_command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click hands them over
    revision: str,
    base: str | None,
    subject_name: str,
    runner_name: str,
    count: int,
    first: int,
    length: int,
    slots: int,
    most: int,
    growth: float,
    dry_run: bool,
) -> None:
    """Try sequences at REVISION; shrink and keep the first that ends badly, or takes more than at --base.

    Exit status 1 says that one was found. Ctrl-C stops the search, or the shrinking, and keeps nothing.
    """
    root, screen = options.project_root(), console()
    subject = load_subject(subject_name, root)
    prepare(subject)
    (runner,) = usable((runner_named(runner_name),), named=True, say=screen.print)
    head = resolve(subject, revision)
    replay, before = _replays(root, subject, head, resolve(subject, base) if base else None, runner)
    ground = Ground(replay, before, _metric(runner), growth / 100, count)
    if ground.scales:
        screen.print(_cost(ground), markup=False)
    knobs = (("length", str(length)), ("slots", str(slots)), ("most", str(most)), *KNOBS[subject.language])
    finding = _search(ground, list(numbered(first, count, knobs)), length, screen)
    if finding is None:
        click.echo(f"{count_of(count, 'sequence')} from number {first}: none does anything it should not.")
        return
    where = f"{finding.text} at {head.name} ({head.commit[:10]}) of {subject.name} on {runner.name}"
    sequence = as_sequence(PROGRAMS[subject.language], finding, where)
    click.echo(f"{where}\n{count_of(len(finding.steps), 'step')}: {' '.join(sequence.arguments)}")
    if not dry_run:
        new = remember(root, sequence)
        click.echo(f"{'Kept' if new else 'Known already'} as {sequence.name} in {NAME}.")
    sys.exit(1)


def _replays(
    root: Path, subject: Subject, head: Revision, base: Revision | None, runner: Runner
) -> tuple[BuiltReplay, BuiltReplay | None]:
    screen = console()

    def built(revision: Revision) -> BuiltReplay:
        say = partial(screen.print, style="dim", markup=False)
        return build_replay(root, subject, revision, PROGRAMS[subject.language], runner, say)

    with screen.status("building …"):
        return built(head), built(base) if base else None


def _metric(runner: Runner) -> str:
    """Return what growth is told by on a runner: what repeats best of all that it has."""
    known = runner.availability()
    return next((name for name in METRICS_WEIGHED if isinstance(known.get(name), Provenance)), "")


def _cost(ground: Ground) -> str:
    return (
        f"Weighing the {ground.metric}: one execution a side and sequence; where they do not repeat, what "
        f"seems to grow is executed in {turns(ground.candidates)} turns more before it is believed."
    )


def _search(
    ground: Ground, candidates: list[tuple[tuple[str, str], ...]], length: int, screen: Console
) -> Finding | None:
    with bar(screen) as progress:
        task = progress.add_task("looking", total=len(candidates))
        found = None
        for knobs in candidates:
            found = look_at(ground, knobs, length)
            progress.advance(task)
            if found:
                break
    if found is None:
        return None
    screen.print(f"sequence {dict(found.options)['sequence']}: {found.text}; shrinking", markup=False)
    with screen.status("shrinking …") as status:
        return shrunk(ground, found, lambda steps: status.update(f"shrinking … {count_of(steps, 'step')}"))
