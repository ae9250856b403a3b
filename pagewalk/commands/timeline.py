"""pagewalk timeline: what happened when in one execution of a case."""

import json
from pathlib import Path

import click

from pagewalk.analysis.timeline import timeline
from pagewalk.commands import options
from pagewalk.commands.profiles import history_of, paper
from pagewalk.commands.progress import console
from pagewalk.errors import Unavailable
from pagewalk.events import TIMELINE
from pagewalk.history.timelines import KeptTimeline, Timelines, timeline_of
from pagewalk.model import Artifact, Outcome, Revision
from pagewalk.plugins import runners_named
from pagewalk.protocols import Recorder
from pagewalk.reports.timeline import about, timeline_content, timeline_table
from pagewalk.sampling.execution import execute
from pagewalk.sampling.plan import Cell
from pagewalk.subjects import load_subject, prepare, resolve, revisions
from pagewalk.workflows.measuring import Request, plan, require_outcomes, usable
from pagewalk.workflows.profiling import one_cell


@click.command("timeline")
@click.argument("bench")
@options.revision_option
@options.subject_option
@options.recorder_option
@click.option("--anew", is_flag=True, help="Record it again, in place of the one that is kept.")
@options.plain_format_option
@options.results_option
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click hands them over
    bench: str,
    revision: str | None,
    subject_name: str,
    runner: str,
    anew: bool,
    style: str,
    results: Path | None,
) -> None:
    """Put page faults, pauses of Go's and the crash of BENCH, a regular expression, on one time line.

    \b
    pagewalk timeline 'LockedThreads.*64' --revision go1.24.3+vgetrandom-mdestroy   what came before a crash
    pagewalk timeline 'Churn.*size=16' -s malloc -r vf2                             on a board, over ssh
    pagewalk timeline 'Collector.*64.*=2' --format json                             every event, for programs

    Times are since the region's begin, by the kernel's monotonic clock. It is kept with the results, and
    drawn beside the crash and the profile by `pagewalk serve`. Page faults far from anything else are told
    together.
    """
    root = options.project_root()
    subject = load_subject(subject_name, root)
    prepare(subject)
    chosen = resolve(subject, revision) if revision else revisions(subject)[-1]
    screen = console()
    runners = usable(runners_named((runner,)), named=True, say=screen.print)
    for recorder in runners:
        if isinstance(recorder, Recorder):
            recorder.require_event(TIMELINE)
    request = Request(root, subject, (chosen,), runners, (bench,))
    with screen.status("building …"):
        cell = one_cell(plan(request, lambda line: screen.print(line, style="dim", markup=False)))
    require_outcomes([cell])
    kept = Timelines(history_of(subject, results).folder, cell.runner.machine, chosen.commit)
    found = None if anew else kept.read(cell.case.case)
    if found is None:
        with screen.status("recording …"):
            found = _recorded(cell)
        kept.keep(cell.case.case, found)
    _print(cell, chosen, found, style)


def _recorded(cell: Cell) -> KeptTimeline:
    """Record one execution, however it ends.

    Raises:
        Unavailable: this runner cannot.
    """
    (side,) = cell.sides
    built = side.builds[cell.case.program]
    assert isinstance(built, Artifact), "require_outcomes saw to that"
    run = execute(cell.runner, built, cell.case, 1, record=TIMELINE)
    if run.outcome is Outcome.UNSUPPORTED:
        raise Unavailable(
            f"{cell.runner.name}: {run.facts.get('failure', 'not supported')}",
            "Record it on a machine, or in a booted guest: -r local.",
        )
    return timeline_of(run)


def _print(cell: Cell, revision: Revision, found: KeptTimeline, style: str) -> None:
    line, case = timeline(found.events), str(cell.case.case)
    if style == "json":
        content = {
            "case": case,
            "runner": cell.runner.name,
            "outcome": found.outcome.value,
            "seen": found.seen,
        }
        click.echo(json.dumps({**content, "events": timeline_content(line)}, indent=2))
        return
    screen = paper()
    screen.print(f"{case} at {revision.name}", style="bold", markup=False)
    said = about(
        found.outcome.value, len(found.events), found.seen, begun=line.begun, emulated=cell.runner.emulated
    )
    for sentence in said:
        screen.print(sentence, style="dim", markup=False)
    screen.print(timeline_table(line))
