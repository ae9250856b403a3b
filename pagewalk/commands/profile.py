"""pagewalk profile: where a workload's time, page faults or misses come from."""

import json
from pathlib import Path

import click

from pagewalk.analysis.profiles import difference, grow, pooled
from pagewalk.analysis.profiles.folded import render_folded
from pagewalk.commands import options
from pagewalk.commands.profiles import Recorded, event_options, history_of, paper, record
from pagewalk.files import write_whole
from pagewalk.reports.flame import FlameText, render_page, render_speedscope
from pagewalk.reports.flame.tables import function_table
from pagewalk.reports.flame.values import argument_content, argument_table
from pagewalk.subjects import load_subject, prepare, resolve, revisions


@click.command("profile")
@click.argument("bench")
@options.revision_option
@options.subject_option
@options.recorder_option
@event_options
@options.plain_format_option
@options.results_option
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click hands them over
    bench: str,
    revision: str | None,
    subject_name: str,
    runner: str,
    event: str,
    times: int,
    output: Path | None,
    style: str,
    results: Path | None,
) -> None:
    """Record where BENCH, a regular expression that fits one case, spends what EVENT counts.

    \b
    pagewalk profile 'Map.*assign-grow.*4096'                        the hottest functions, by time
    pagewalk profile 'Churn.*size=16' -s malloc --event page-faults  where pages are touched first
    pagewalk profile 'Map.*assign-grow.*4096' --event probe:runtime.mallocgc   who calls it, how often
    pagewalk profile 'Larson.*=2.*plain' -s malloc --event 'probe:malloc(size)'  with which sizes
    pagewalk profile 'Churn.*size=16' -s malloc -o churn.html        a flame graph in one file
    pagewalk profile 'Churn.*size=16' -s malloc -o churn.json        for speedscope.app

    Recording is on in the workload's region of interest only. Profiles are kept with the results.
    """
    root = options.project_root()
    subject = load_subject(subject_name, root)
    prepare(subject)
    chosen = resolve(subject, revision) if revision else revisions(subject)[-1]
    recorded = record(
        subject,
        (chosen,),
        runner=runner,
        pattern=bench,
        event=event,
        times=times,
        history=history_of(subject, results),
        root=root,
    )
    _print(recorded, chosen.name, style)
    if output is not None:
        write_whole(output, _file(recorded, chosen.name, output.suffix))
        click.echo(f"Written to {output}.", err=True)


def _print(recorded: Recorded, name: str, style: str) -> None:
    (side,) = recorded.sides
    functions = difference(side, side)
    told = recorded.arguments()
    if style == "json":
        rows = [{"name": f.name, "share": f.head, "own": f.own_head} for f in functions]
        content = {"case": recorded.case, "event": recorded.event, "functions": rows}
        click.echo(json.dumps({**content, "arguments": argument_content(told)}, indent=2))
        return
    screen = paper()
    screen.print(f"{recorded.case} at {name}", style="bold", markup=False)
    for sentence in recorded.about():
        screen.print(sentence, style="dim", markup=False)
    screen.print(function_table(functions))
    for argument in told:
        screen.print()
        screen.print(argument_table(argument))


def _file(recorded: Recorded, name: str, suffix: str) -> str:
    profile = pooled(recorded.sides[0])
    title = f"{recorded.case} at {name}"
    if suffix == ".html":
        return render_page(grow(profile), FlameText(title, recorded.about(), name))
    if suffix == ".json":
        return render_speedscope({name: profile}, title)
    return render_folded(profile)
