"""`--report KIND[:FILE]`: which reports of a gate are wanted, and where they go."""

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.gate import Gate
from pagewalk.files import write_whole
from pagewalk.reports import benchstat, gate_json, gate_markdown, gate_text, junit, terminal

KINDS = ("terminal", "markdown", "junit", "json", "benchstat")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One report; printed where there is no file."""

    kind: str
    file: Path | None = None


def parse_reports(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> tuple[Wanted, ...]:
    """Read every `junit` or `junit:FILE`.

    Raises:
        click.BadParameter: a kind that there is not, or no file behind the colon.
    """
    return tuple(map(_parse, values))


def complete_report(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the kind of a report."""
    return [kind for kind in KINDS if kind.startswith(incomplete)]


def _parse(value: str) -> Wanted:
    kind, colon, file = value.partition(":")
    if kind not in KINDS:
        raise click.BadParameter(f"{kind!r} is no report. There are: {', '.join(KINDS)}.")
    if colon and not file:
        raise click.BadParameter(f"{value!r} names no file. Write {kind}:FILE.")
    return Wanted(kind, Path(file) if file else None)


def write_reports(wanted: Sequence[Wanted], comparison: Comparison, gate: Gate, link: str) -> None:
    """Write the reports that go to files; print the others, and the answer at least."""
    for one in wanted:
        if one.file:
            write_whole(one.file, _text(one.kind, comparison, gate, link, width=120, colour=False))
    printed = [one for one in wanted if one.file is None]
    if not wanted:
        printed = [Wanted("terminal")]
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = shutil.get_terminal_size((120, 24)).columns
    for one in printed:
        click.echo(
            _text(one.kind, comparison, gate, link, width=width, colour=colour), nl=False, color=colour
        )
    if not printed:
        click.echo(gate_text.render(gate, width=width), nl=False)


def _text(  # noqa: PLR0913 - everything that any of the reports takes
    kind: str, comparison: Comparison, gate: Gate, link: str, *, width: int, colour: bool
) -> str:
    renderers: dict[str, Callable[[], str]] = {
        "terminal": lambda: (
            terminal.render(comparison, width=width, colour=colour)
            + "\n"
            + gate_text.render(gate, width=width)
        ),
        "markdown": lambda: gate_markdown.render(comparison, gate, link=link),
        "junit": lambda: junit.render(comparison, gate),
        "json": lambda: gate_json.render(comparison, gate),
        "benchstat": lambda: benchstat.render(comparison),
    }
    return renderers[kind]()
