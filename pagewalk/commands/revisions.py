"""pagewalk revisions: list what can be compared."""

import json
import sys
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from pagewalk.commands import options
from pagewalk.subjects import load_subject, prepare, revisions


@click.command("revisions")
@options.subject_option
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(subject_name: str, style: str) -> None:
    """List the revisions of a subject, oldest first."""
    subject = load_subject(subject_name, options.project_root())
    prepare(subject)
    found = revisions(subject)
    if style == "json":
        rows = [{"name": r.name, "commit": r.commit, "date": r.date} for r in found]
        click.echo(json.dumps(rows, indent=2))
        return
    table = Table(box=None, pad_edge=False, title=subject.description, title_justify="left")
    for heading in ("revision", "commit", "date"):
        table.add_column(heading)
    for revision in found:
        table.add_row(
            revision.name, revision.commit[:10], f"{datetime.fromtimestamp(revision.date, UTC):%Y-%m-%d}"
        )
    Console(file=sys.stdout, highlight=False).print(table)
