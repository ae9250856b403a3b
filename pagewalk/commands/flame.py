"""pagewalk flame: which functions gained or lost their share between two revisions."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from pagewalk.analysis.profiles import SymbolChange, difference, grow, pooled
from pagewalk.commands import options
from pagewalk.commands.profiles import Recorded, event_options, history_of, paper, record
from pagewalk.files import write_whole
from pagewalk.reports.flame import FlameText, render_page, render_speedscope
from pagewalk.reports.flame.folded import render_difference
from pagewalk.reports.flame.tables import MOST, difference_table
from pagewalk.reports.flame.values import argument_content, argument_table
from pagewalk.subjects import load_subject, prepare
from pagewalk.workflows.comparing import Pair, revision_pair


@click.command("flame")
@click.argument("base", shell_complete=options.complete_revision)
@click.argument("head", required=False, shell_complete=options.complete_revision)
@click.option("-b", "--bench", required=True, metavar="REGEX", help="A pattern that fits one case.")
@options.patch_option
@options.subject_option
@options.recorder_option
@event_options
@options.plain_format_option
@options.results_option
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click hands them over
    base: str,
    head: str | None,
    bench: str,
    patch: Path | None,
    subject_name: str,
    runner: str,
    event: str,
    times: int,
    output: Path | None,
    style: str,
    results: Path | None,
) -> None:
    """Profile BASE and HEAD turn by turn and say which functions gained or lost their share.

    \b
    pagewalk flame go1.25.5+noswissmap go1.25.5 -b 'Map.*assign-grow.*4096' -o maps.html
    pagewalk flame go1.25.5 --patch my.patch -b 'Map.*lookup-hit.*64' --event page-faults

    A change is shown (▲, ▼) where repeated profiles make it significant over all functions together;
    ~ is what chance explains as well. -o FILE.html is a differential flame graph, one file, no network.
    """
    root = options.project_root()
    subject = load_subject(subject_name, root)
    prepare(subject)
    pair = revision_pair(subject, base, head, patch)
    recorded = record(
        subject,
        pair,
        runner=runner,
        pattern=bench,
        event=event,
        times=times,
        history=history_of(subject, results),
        root=root,
    )
    before, after = recorded.sides
    changes = difference(before, after)
    _print(recorded, pair, changes, style)
    if output is not None:
        write_whole(output, _file(recorded, pair, changes, output.suffix))
        click.echo(f"Written to {output}.", err=True)


def _print(recorded: Recorded, pair: Pair, changes: Sequence[SymbolChange], style: str) -> None:
    if style == "json":
        click.echo(json.dumps(_content(recorded, pair, changes), indent=2))
        return
    screen = paper()
    screen.print(f"{recorded.case}: {pair[0].name} → {pair[1].name}", style="bold", markup=False)
    for sentence in recorded.about():
        screen.print(sentence, style="dim", markup=False)
    screen.print(difference_table(changes, pair[0].name, pair[1].name))
    if len(changes) > MOST:
        screen.print(f"{len(changes) - MOST} more functions changed less.", style="dim")
    for argument in recorded.arguments():
        screen.print()
        screen.print(argument_table(argument, pair[0].name, pair[1].name))


def _content(recorded: Recorded, pair: Pair, changes: Sequence[SymbolChange]) -> dict[str, object]:
    rows = [
        {
            "name": change.name,
            "base": change.base,
            "head": change.head,
            "change": change.shift.estimate,
            # JSON knows no infinity: an interval without an end has none.
            "low": change.shift.low if change.shift.low > float("-inf") else None,
            "high": change.shift.high if change.shift.high < float("inf") else None,
            "q": change.q,
            "shown": change.shown,
        }
        for change in changes
    ]
    sides = [{"name": revision.name, "commit": revision.commit} for revision in pair]
    return {
        "case": recorded.case,
        "runner": recorded.runner,
        "event": recorded.event,
        "sides": sides,
        "functions": rows,
        "arguments": argument_content(recorded.arguments()),
    }


def _file(recorded: Recorded, pair: Pair, changes: Sequence[SymbolChange], suffix: str) -> str:
    before, after = (pooled(side) for side in recorded.sides)
    names = [revision.name for revision in pair]
    title = f"{recorded.case}: {names[0]} → {names[1]}"
    if suffix == ".html":
        text = FlameText(title, recorded.about(), head=names[1], base=names[0])
        return render_page(grow(after, before), text, changes)
    if suffix == ".json":
        return render_speedscope({names[0]: before, names[1]: after}, title)
    return render_difference(before, after)
