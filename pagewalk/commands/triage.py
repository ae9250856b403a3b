"""pagewalk triage: what people decided about regressions and crashes."""

import getpass
import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from pagewalk.commands import options
from pagewalk.errors import PagewalkError, UnknownRevision
from pagewalk.git import GitFailed, git
from pagewalk.history import History
from pagewalk.history.triage import Decision, Finding, Kind, Note, read, record
from pagewalk.reports.wording import printable

_CRASH = "crash:"

format_option = click.option(
    "--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True
)


@click.group("triage", invoke_without_command=True)
@options.subject_option
@options.results_option
@format_option
@click.pass_context
def command(context: click.Context, subject_name: str, results: Path | None, style: str) -> None:
    """List what was decided about regressions and crashes, or decide.

    A decision is a line of results/SUBJECT/triage.jsonl: commit it with the results, and everybody sees
    it on the overview. Lines of two branches merge without a conflict; the later decision holds.

    \b
    pagewalk triage -s malloc                                            what was decided
    pagewalk triage -s malloc acknowledge v2.1.4 alloc.Churn.track_time  seen, somebody is on it
    pagewalk triage -s malloc false-alarm v2.1.4 alloc.Churn.track_time --reason "board throttled"
    pagewalk triage -s malloc fixed crash:0f3a9c12be77 alloc.Churn --by v2.1.7
    pagewalk triage -s malloc reopen v2.1.4 alloc.Churn.track_time       take it back
    """
    history = options.history_of(results, subject_name)
    context.obj = history
    if context.invoked_subcommand is None:
        _print(history, style)


def _print(history: History, style: str) -> None:
    notes, problems = read(history.folder)
    ordered = sorted(notes.values(), key=lambda note: note.when)
    if style == "json":
        click.echo(json.dumps({"decisions": [_as_json(n) for n in ordered], "problems": problems}, indent=2))
        return
    table = Table(box=None, pad_edge=False, title=f"Decisions of {history.subject}", title_justify="left")
    for heading in ("decision", "since", "benchmark", "why", "who", "when"):
        table.add_column(heading)
    for note in ordered:
        day = f"{datetime.fromtimestamp(note.when, UTC):%Y-%m-%d}"
        words = (note.decision, _where(note.finding), note.finding.benchmark, _why(note), note.who, day)
        table.add_row(*map(printable, words))
    screen = Console(file=sys.stdout, highlight=False, markup=False)
    screen.print(table if ordered else f"Nothing was decided about {history.subject} yet.")
    for path, reason in problems:
        Console(stderr=True, highlight=False, markup=False).print(f"{path}: {printable(reason)}")


def _where(finding: Finding) -> str:
    return f"{_CRASH}{finding.at}" if finding.kind is Kind.CRASH else finding.at[:10]


def _why(note: Note) -> str:
    fixed = f"fixed by {note.fixed_by[:10]}" if note.fixed_by else ""
    return ", ".join(part for part in (fixed, note.reason) if part)


def _as_json(note: Note) -> Mapping[str, Any]:
    finding = note.finding
    return {
        "kind": finding.kind,
        "at": finding.at,
        "benchmark": finding.benchmark,
        "decision": note.decision,
        "reason": note.reason,
        "fixed_by": note.fixed_by,
        "who": note.who,
        "when": note.when,
    }


def _decide(name: str, decision: Decision, help_text: str) -> None:
    reason = click.option("--reason", default="", metavar="TEXT", help="Why.")
    by = click.option("--by", "fixed_by", default="", metavar="COMMIT", help="The commit that mended it.")

    def decide(history: History, at: str, benchmark: str, reason: str = "", fixed_by: str = "") -> None:
        finding = find(history, at, benchmark)
        mended = _commit(history, fixed_by) if fixed_by else ""
        note = Note(finding, decision, reason, mended, _who(history.folder), time.time())
        record(history.folder, [note])
        said = _why(note)
        text = f"{decision}: {benchmark} since {_where(finding)}" + (f" ({said})" if said else "")
        Console(stderr=True, highlight=False, markup=False).print(
            f"{printable(text)}. Commit it with the results."
        )

    run: Callable[..., None] = click.pass_obj(decide)
    for parameter in (
        click.argument("benchmark"),
        click.argument("at", metavar="COMMIT|crash:FINGERPRINT"),
        *((by,) if decision is Decision.FIXED else ()),
        reason,
    ):
        run = parameter(run)
    command.command(name, help=help_text)(run)


_decide("acknowledge", Decision.ACKNOWLEDGED, "Somebody has seen it and is on it.")
_decide("false-alarm", Decision.FALSE_ALARM, "It is no change of the subject; say why with --reason.")
_decide("fixed", Decision.FIXED, "It was mended; say by which commit with --by.")
_decide("reopen", Decision.OPEN, "Take an earlier decision back.")


def find(history: History, at: str, benchmark: str) -> Finding:
    """Return what a person names: a commit or a name of one, or `crash:` and a fingerprint.

    Raises:
        UnknownRevision: no such commit has results.
    """
    if at.startswith(_CRASH):
        return Finding(Kind.CRASH, at.removeprefix(_CRASH), benchmark)
    return Finding(Kind.CHANGE, _commit(history, at), benchmark)


def _commit(history: History, text: str) -> str:
    revisions = history.revisions()
    named = [r.commit for r in revisions if r.name == text]
    named += [r.commit for r in revisions if len(text) >= 6 and r.commit.startswith(text)]
    if len(set(named)) != 1:
        many = f"{len(set(named))} revisions" if named else "no revision"
        raise UnknownRevision(
            f"“{text}” names {many} of {history.subject} with results.",
            "Give the whole commit; the overview and `pagewalk revisions` show it.",
        )
    return named[0]


def _who(folder: Path) -> str:
    try:
        return git(folder, "config", "user.name", deaf=False)
    except (GitFailed, PagewalkError):
        return getpass.getuser()
