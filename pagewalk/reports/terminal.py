"""A comparison for a terminal: the line that decides first, what broke next, then the numbers.

Colour never carries a meaning alone: every verdict has its mark or its word as well.
"""

from collections.abc import Iterator
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.verdict import Verdict
from pagewalk.reports.legend import absences, sources
from pagewalk.reports.terminal_tables import STYLES, tables
from pagewalk.reports.wording import (
    MARKS,
    NOTHING,
    count_of,
    headline,
    machine_text,
    mark,
    printable,
    revision_text,
    rule_text,
    worth_telling,
)

_MEANINGS: tuple[tuple[Verdict | None, str], ...] = (
    (Verdict.REGRESSED, "regressed: more than before"),
    (Verdict.IMPROVED, "improved: less"),
    (Verdict.SAME, "same: shown to be within the limit"),
    (Verdict.UNSURE, "unsure: ?12 needs about 12 more samples a side"),
    (None, "nothing to compare: see below"),
)


def render(comparison: Comparison, *, width: int = 100, colour: bool = False, all_rows: bool = False) -> str:
    """Return the report as text, `width` columns wide at most.

    Args:
        colour: with ANSI escapes, for a terminal; without, for a pipe.
        all_rows: also those rows that are the same, or not to be compared, on every machine.
    """
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        legacy_windows=False,
    )
    with console.capture() as captured:
        console.print(renderable(comparison, width=width, all_rows=all_rows))
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def renderable(comparison: Comparison, *, width: int, all_rows: bool = False) -> RenderableType:
    """Return the report for a Console of the caller's own, `width` columns wide."""
    return Group(
        *_heading(comparison),
        *_endings(comparison, width),
        *tables(comparison, width, all_rows=all_rows),
        *_legend(comparison),
    )


def _heading(comparison: Comparison) -> Iterator[RenderableType]:
    base, head = revision_text(comparison.base), revision_text(comparison.head)
    yield Text(f"{printable(comparison.base.subject)}: {base} → {head}")
    counts = [Text(text, style=STYLES[verdict]) for verdict, text in headline(comparison)]
    line = Text(" · ").join(counts) if counts else Text("nothing to compare")
    yield line + Text(f", over {count_of(len(comparison.machines), 'machine')}")


def _endings(comparison: Comparison, width: int) -> Iterator[RenderableType]:
    rows = worth_telling(comparison)
    if not rows:
        return
    yield Text("\nHow it ends", style="bold")
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3 if width >= 120 else 2):
        grid.add_column(overflow="fold")
    for row in rows:
        word = Text(
            f"{mark(row.verdict, row.samples_needed)} {row.verdict or 'not compared'}", STYLES[row.verdict]
        )
        where = Text(printable(f"{row.case} on {row.machine}"))
        evidence = Text(printable(row.evidence))
        if width >= 120:
            grid.add_row(word, where, evidence)
        else:
            grid.add_row(word, Group(where, Padding(evidence, (0, 0, 0, 2))))
    yield Padding(grid, (0, 0, 0, 2))


def _legend(comparison: Comparison) -> Iterator[RenderableType]:
    yield Text("\nWhat counts", style="bold")
    yield _paragraph(rule_text(comparison.settings))
    meanings = [f"{MARKS[verdict] if verdict else NOTHING} {meaning}" for verdict, meaning in _MEANINGS]
    yield _paragraph(" · ".join(meanings))
    yield Text("Where the numbers come from", style="bold")
    for machine in comparison.machines:
        told = "; ".join(f"{s.how}: {s.metrics}" for s in sources(comparison, machine)) or "no numbers"
        yield _paragraph(f"{machine_text(machine)}: {told}")
    missing = absences(comparison)
    if missing:
        yield Text("Not compared", style="bold")
        yield from (_paragraph(f"{absence.where}: {absence.reason}") for absence in missing)
    if comparison.warnings:
        yield Text("Beware", style="bold")
        yield from (_paragraph(printable(warning)) for warning in comparison.warnings)


def _paragraph(text: str) -> RenderableType:
    return Padding(Text(text), (0, 0, 0, 2))
