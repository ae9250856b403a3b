"""The numbers of a comparison in a terminal: machines side by side, or below each other."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pagewalk.analysis.comparison import Comparison, MetricRow
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Machine
from pagewalk.reports.lines import Line, families, left_out, lines_of
from pagewalk.reports.wording import (
    machine_text,
    printable,
    row_change,
    row_mark,
    row_values,
)
from pagewalk.units import title_of_metric

STYLES: dict[Verdict | None, str] = {
    Verdict.BROKEN: "bold red",
    Verdict.REGRESSED: "red",
    Verdict.UNSURE: "yellow",
    Verdict.SAME: "dim",
    Verdict.IMPROVED: "green",
    Verdict.FIXED: "bold green",
    None: "dim",
}
# Measured in text: "L1 dTLB misses" with its indent and gap; "?117 −10.53 % ±3.0 %".
_METRIC_WIDTH = 19
_CELL_WIDTH = 22
_ONE_LINE_WIDTH = 42
_GAP = 2


def tables(comparison: Comparison, width: int, *, all_rows: bool) -> Iterator[RenderableType]:
    """Yield one table a family, machines side by side where `width` columns are enough for it."""
    machines = comparison.machines
    beside = width >= _METRIC_WIDTH + len(machines) * (_CELL_WIDTH + _GAP)
    for family, rows in families(comparison.metrics):
        lines = lines_of(rows, machines)
        shown = [line for line in lines if all_rows or line.telling]
        yield Text(f"\n{printable(family)}", style="bold")
        if shown and beside:
            yield from _beside(shown, machines, width)
        elif shown:
            yield from _below(shown, machines, all_rows=all_rows)
        if len(shown) < len(lines):
            left = left_out([line for line in lines if not line.telling], some=bool(shown))
            yield Padding(Text(left, style="dim"), (0, 0, 0, 2))


def _beside(lines: Sequence[Line], machines: Sequence[Machine], width: int) -> Iterator[RenderableType]:
    cell = min((width - _METRIC_WIDTH) // len(machines) - _GAP, _ONE_LINE_WIDTH)
    header = _grid(cell, len(machines))
    header.add_row("", *(Text(machine_text(machine), style="bold") for machine in machines))
    yield header
    for case, own in groupby(lines, key=lambda line: line.case):
        yield Text(printable(str(case)))
        grid = _grid(cell, len(machines))
        for line in own:
            cells = [_cell(row, one_line=cell >= _ONE_LINE_WIDTH) for row in line.cells]
            grid.add_row(f"  {printable(title_of_metric(line.metric))}", *cells)
        yield grid


def _grid(cell: int, columns: int) -> Table:
    grid = Table.grid(padding=(0, _GAP, 0, 0))
    grid.add_column(width=_METRIC_WIDTH - _GAP, overflow="fold")
    for _ in range(columns):
        grid.add_column(width=cell, overflow="fold")
    return grid


def _cell(row: MetricRow | None, *, one_line: bool) -> Text:
    if row is None:
        return Text("")
    if row.effect is None:
        return Text(row_values(row), style=STYLES[None])
    judged = Text(f"{row_mark(row)} {row_change(row)}", style=STYLES[row.verdict])
    return Text(row_values(row)) + Text("  " if one_line else "\n") + judged


def _below(lines: Sequence[Line], machines: Sequence[Machine], *, all_rows: bool) -> Iterator[RenderableType]:
    for position, machine in enumerate(machines):
        rows = [(line, row) for line in lines if (row := line.cells[position]) is not None]
        mine = [(line, row) for line, row in rows if all_rows or row.verdict is not None]
        if mine:
            yield Text(machine_text(machine), style="bold underline")
            yield from _block(mine)


def _block(lines: Sequence[tuple[Line, MetricRow]]) -> Iterator[RenderableType]:
    widths = [max(len(row_values(row)) for _, row in lines), max(len(row_change(row)) for _, row in lines)]
    for case, own in groupby(lines, key=lambda pair: pair[0].case):
        yield Text(printable(str(case)))
        grid = Table.grid(padding=(0, _GAP, 0, 0))
        grid.add_column(width=_METRIC_WIDTH - _GAP, overflow="fold")
        for column in widths:
            grid.add_column(min_width=column, overflow="fold")
        grid.add_column(overflow="fold")
        for line, row in own:
            verdict = Text(f"{row_mark(row)} {row.verdict or ''}".rstrip(), style=STYLES[row.verdict])
            title = f"  {printable(title_of_metric(line.metric))}"
            grid.add_row(title, Text(row_values(row)), Text(row_change(row)), verdict)
        yield grid
