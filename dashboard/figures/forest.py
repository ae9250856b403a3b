"""The forest plot: every change with its interval, a column a machine, on a logarithmic axis of ratios."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.data.rows import Row, size_of
from dashboard.figures.room import widest
from dashboard.figures.theme import BAND, GRID, INK, LAYOUT, safe
from dashboard.looks.verdicts import LOOKS, Look
from dashboard.looks.wording import case_text, source_text, value_text
from pagewalk.analysis.comparison import MetricRow
from pagewalk.analysis.verdict import Effect, Verdict
from pagewalk.model import Machine
from pagewalk.reports.wording import printable
from pagewalk.units import change, interval, percent

MOST_ROWS = 40
"""More than these nobody can read; the caller says how many were left out."""

_ROW_HEIGHT = 36
_MACHINE_WIDTH = 190
_GAP = 12
_LONGEST = 32
_NARROWEST = math.log(1.06)
_WIDEST = math.log(32)
_TICKS = (
    (0.98, 1.02),
    (0.95, 1.05),
    (0.9, 1.1),
    (0.8, 1.25),
    (1 / 2, 2),
    (1 / 4, 4),
    (1 / 8, 8),
    (1 / 16, 16),
)


@dataclass(frozen=True, slots=True)
class _Point:
    row: int
    identity: str
    cell: MetricRow
    effect: Effect


def plottable(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that have a change to draw on any machine."""
    return [row for row in rows if any(isinstance(c, MetricRow) and c.effect for c in row.cells.values())]


def height_of(rows: int) -> int:
    """Return the height of a plot of so many rows in pixels: a page keeps the room before it is drawn."""
    return 118 + _ROW_HEIGHT * max(1, rows)


def least_width(rows: Sequence[Row], machines: int) -> int:
    """Return the pixels below which a plot of so many machines cannot be read."""
    return _labels_width(rows) + _MACHINE_WIDTH * max(1, machines)


def forest(rows: Sequence[Row], machines: Sequence[Machine]) -> go.Figure:
    """Draw the change of each row on each machine: a point, its interval, and the band that does not count.

    Args:
        rows: of `plottable`, at most `MOST_ROWS`; the first one on top.
        machines: a column each.
    """
    shown = [machine for machine in machines if any(machine.name in row.cells for row in rows)]
    reach = _reach(rows)
    figure = make_subplots(
        rows=1,
        cols=max(1, len(shown)),
        shared_yaxes=True,
        horizontal_spacing=0.02,
        subplot_titles=[safe(printable(machine.name), 32) for machine in shown],
    )
    legend: set[Verdict | None] = set()
    for column, machine in enumerate(shown, start=1):
        points = list(_points(rows, machine.name))
        figure.add_trace(_bands(points, reach, first=column == 1), row=1, col=column)
        for verdict in LOOKS:
            drawn = [point for point in points if point.cell.verdict == verdict]
            if drawn:
                trace = _trace(drawn, LOOKS[verdict], reach, first=verdict not in legend)
                figure.add_trace(trace, row=1, col=column)
                legend.add(verdict)
    return _dress(figure, rows, reach)


def _reach(rows: Sequence[Row]) -> float:
    """Half the width of the axis, as a logarithm: what it takes, within reason."""
    sizes = [size_of(cell) for row in rows for cell in row.cells.values()]
    finite = [size for size in sizes if math.isfinite(size)]
    return min(_WIDEST, max(_NARROWEST, 1.3 * max(finite, default=0.0)))


def _points(rows: Sequence[Row], machine: str) -> Iterator[_Point]:
    for number, row in enumerate(rows):
        cell = row.cells.get(machine)
        if isinstance(cell, MetricRow) and cell.effect is not None:
            yield _Point(number, row.id, cell, cell.effect)


def _trace(points: Sequence[_Point], look: Look, reach: float, *, first: bool) -> go.Scatter:
    at = [_clip(point.effect.ratio, reach) for point in points]
    ends = [(_clip(p.effect.low, reach), _clip(p.effect.high, reach)) for p in points]
    return go.Scatter(
        x=at,
        y=[point.row for point in points],
        mode="markers",
        marker={
            "symbol": look.symbol,
            "size": 10,
            "color": look.colour,
            "line": {"width": 1.5, "color": look.colour},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, high - x) for x, (_, high) in zip(at, ends, strict=True)],
            "arrayminus": [max(0.0, x - low) for x, (low, _) in zip(at, ends, strict=True)],
            "color": look.colour,
            "thickness": 1.5,
            "width": 3,
        },
        customdata=[point.identity for point in points],
        hovertext=[_hover(point, reach) for point in points],
        hovertemplate="%{hovertext}<extra></extra>",
        name=look.word,
        legendgroup=look.key,
        showlegend=first,
    )


def _bands(points: Sequence[_Point], reach: float, *, first: bool) -> go.Scatter:
    """The changes that would not count, a bar a row: threshold and noise floor differ from row to row."""
    x: list[float | None] = []
    y: list[int | None] = []
    for point in points:
        limit = 1 + point.effect.threshold
        x += [_clip(1 / limit, reach), _clip(limit, reach), None]
        y += [point.row, point.row, None]
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        line={"width": 14, "color": BAND},
        hoverinfo="skip",
        name="too small to count",
        legendgroup="band",
        showlegend=first,
    )


def _clip(ratio: float, reach: float) -> float:
    """Keep a ratio on the axis; 0 and infinity stand at its ends."""
    return min(math.exp(reach), max(math.exp(-reach), ratio))


def _hover(point: _Point, reach: float) -> str:
    cell, effect = point.cell, point.effect
    # The identity, cut at its last bar, is the case in full
    off = " (off the scale)" if abs(size_of(cell)) > reach else ""
    span = (
        "exact" if effect.exact else f"{effect.confidence:.0%} interval {interval(effect.low, effect.high)}"
    )
    lines = [
        f"<b>{safe(printable(str(cell.case)), 90)}</b>",
        f"{safe(cell.metric)} on {safe(printable(cell.machine), 60)}: <b>{LOOKS[cell.verdict].label}</b>",
        f"{value_text(cell.base)} → {value_text(cell.head)}, {change(effect.ratio)}{off}; {span}",
        *(safe(line) for line in textwrap.wrap(printable(cell.evidence), 80)[:4]),
        f"<i>{safe(source_text(cell.head), 100)}</i>",
    ]
    return "<br>".join(lines)


def _dress(figure: go.Figure, rows: Sequence[Row], reach: float) -> go.Figure:
    ticks = _ticks(reach)
    edge = reach / math.log(10) * 1.1
    figure.update_layout(
        **LAYOUT,
        height=height_of(len(rows)),
        margin={"l": _labels_width(rows), "r": _GAP, "t": 62, "b": 46, "autoexpand": False},
        legend={
            "orientation": "h",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "x": 0,
            "xref": "container",
        },
        hovermode="closest",
    )
    figure.update_xaxes(
        type="log",
        range=[-edge, edge],
        tickvals=ticks,
        ticktext=[_tick_text(tick) for tick in ticks],
        tickangle=0,
        gridcolor=GRID,
        zeroline=False,
    )
    figure.add_vline(x=1, line={"color": INK, "width": 1})
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        range=[len(rows) - 0.4, -0.6],
        gridcolor=GRID,
        zeroline=False,
    )
    figure.update_yaxes(ticktext=[_label(row) for row in rows], col=1)
    return figure


def _label(row: Row) -> str:
    """Two lines: on a phone, one would leave no room for the plot."""
    case, metric = (safe(line, _LONGEST) for line in _label_lines(row))
    return f'{case}<br><span style="font-size:10px">{metric}</span>'


def _label_lines(row: Row) -> tuple[str, str]:
    return case_text(row.case), row.title


def _labels_width(rows: Sequence[Row]) -> int:
    return widest(line[:_LONGEST] for row in rows for line in _label_lines(row)) + _GAP


def _ticks(reach: float) -> list[float]:
    """Return two ticks either side of none, no more: several machines share the width."""
    within = [(below, above) for below, above in _TICKS if math.log(above) <= reach]
    outer = within[-1]
    inner = [tick for tick in within if math.log(tick[1]) <= math.log(outer[1]) / 1.9][-1:]
    return sorted({*outer, 1.0, *(ratio for tick in inner for ratio in tick)})


def _tick_text(ratio: float) -> str:
    """Return "+10%", or from twice upwards "×2" and "÷2"."""
    if ratio == 1:
        return "0"
    if ratio >= 2:
        return f"×{ratio:.0f}"
    return f"÷{1 / ratio:.0f}" if ratio <= 0.5 else percent(ratio).replace(" %", "%").replace(".0", "")
