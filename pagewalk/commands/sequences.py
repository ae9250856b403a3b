"""pagewalk sequences: find sequences of calls that crash or regress, shrink them, and keep them."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from pagewalk.commands import options
from pagewalk.commands.progress import bar, console
from pagewalk.measuring import usable
from pagewalk.model import Revision
from pagewalk.plugins import runner_named
from pagewalk.protocols import Runner
from pagewalk.reports.wording import count_of, printable
from pagewalk.sequences.file import NAME, read_sequences, remember
from pagewalk.sequences.replay import build_replay
from pagewalk.sequences.search import Finding, Ground, as_sequence, look_at, numbered, shrunk
from pagewalk.subjects import Subject, load_subject, prepare, resolve

PROGRAMS = {"c": "alloc_sequence", "go": "gosequence"}


@click.group("sequences")
def command() -> None:
    """Find sequences of calls that crash or regress, and keep the smallest that do.

    A sequence is drawn from its number and replayed exactly. One that ends badly at a revision, or
    takes more of an exact counter there than at its base, is shrunk until no step can be spared, and
    becomes a parameter of the suite `sequences`, measured with all others from then on.

    \b
    pagewalk sequences find v1.2 --subject pool -r local                  which crash it?
    pagewalk sequences find v1.2 --base v1.0 --subject pool -r qemu-riscv64   which got dearer?
    pagewalk sequences find go1.25.5 -r qemu-arm64 --most 64              maps and calls to C, in Go
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
    help="With --base, on an emulated runner: by how much the instructions must grow.",
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
    ground = _ground(root, subject, head, resolve(subject, base) if base else None, runner, growth / 100)
    knobs = (("length", str(length)), ("slots", str(slots)), ("most", str(most)))
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


def _ground(  # noqa: PLR0913, PLR0917 - as `build_replay`, twice
    root: Path, subject: Subject, head: Revision, base: Revision | None, runner: Runner, growth: float
) -> Ground:
    screen = console()
    with screen.status("building …"):
        made = [
            build_replay(
                root,
                subject,
                one,
                PROGRAMS[subject.language],
                runner,
                lambda line: screen.print(line, style="dim"),
            )
            for one in (head, base)
            if one is not None
        ]
    metric = "instructions" if subject.language == "c" else ""
    return Ground(made[0], made[1] if base else None, metric, growth)


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
