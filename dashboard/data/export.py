"""Each page's table as CSV: base units, full precision, every number with its source or why there is none."""

import math
from collections.abc import Iterator, Sequence
from statistics import median

from dashboard.data.bisection import Candidate, Look
from dashboard.data.curve import Curve
from dashboard.data.lines import Line, params_text
from dashboard.data.rows import Row
from dashboard.data.spreadsheet import Cell, spreadsheet
from dashboard.looks.verdicts import LOOKS
from dashboard.looks.wording import day_text, outcome_text, provenance_text, source_text
from pagewalk.analysis.comparison import MetricRow, OutcomeRow
from pagewalk.history.noise import MeasuredFloor
from pagewalk.index.answering.model import CrashRow, Params, Series
from pagewalk.reports.wording import middle
from pagewalk.units import unit_of_metric

COLUMNS = (
    "case",
    "metric",
    "unit",
    "machine",
    "base",
    "head",
    "ratio",
    "low",
    "high",
    "verdict",
    "evidence",
    "base source",
    "head source",
)


def table_csv(rows: Sequence[Row], machines: Sequence[str]) -> str:
    """Return one line a row and machine, after a line of headings.

    `ratio` is head over base with its interval; numbers are empty where they are missing, and the
    source then says why.
    """
    cells = ((row, row.cells.get(name)) for row in rows for name in machines)
    return spreadsheet(COLUMNS, (_line(row, cell) for row, cell in cells if cell is not None))


def _line(row: Row, cell: MetricRow | OutcomeRow) -> Iterator[Cell]:
    yield from (str(row.case), row.metric, unit_of_metric(row.metric), cell.machine)
    verdict = LOOKS[cell.verdict].word
    if isinstance(cell, OutcomeRow):
        yield from (outcome_text(cell.base), outcome_text(cell.head), None, None, None)
        yield from (verdict, cell.evidence, "process status", "process status")
        return
    effect = cell.effect
    yield from (middle(cell.base), middle(cell.head))
    yield from (effect.ratio, effect.low, effect.high) if effect else (None, None, None)
    yield from (verdict, cell.evidence, source_text(cell.base), source_text(cell.head))


HISTORY_COLUMNS = (
    "commit",
    "name",
    "date",
    "subject line",
    "machine",
    "environment",
    "benchmark",
    "parameters",
    "unit",
    "value",
    "low",
    "high",
    "interval",
    "state",
    "source",
)


def history_csv(lines: Sequence[Line]) -> str:
    """Return one line a commit and series of what is shown, after a line of headings.

    `value` is in base units, also where the picture is normalised; it is empty where
    `state` says why there is none.
    """
    shown = (_history_line(line.series, int(at)) for line in lines for at in line.shown)
    return spreadsheet(HISTORY_COLUMNS, shown)


def _history_line(series: Series, at: int) -> Iterator[Cell]:
    revision, key = series.revisions[at], series.key
    yield from (revision.commit, revision.name, day_text(revision.date), revision.title)
    yield from (key.machine, key.environment, key.benchmark, params_text(key), series.unit)
    for column in (series.values, series.low, series.high):
        yield _finite(column[at])
    yield from (series.interval, series.states[at], provenance_text(series.provenance))


CURVE_COLUMNS = (
    "machine",
    "parameter",
    "x",
    "other",
    "side",
    "commit",
    "unit",
    "value",
    "low",
    "high",
    "state",
)


def curve_csv(found: Curve) -> str:
    """Return one line a point, after a line of headings; values are in base units."""
    return spreadsheet(CURVE_COLUMNS, _curve_lines(found))


def _curve_lines(found: Curve) -> Iterator[list[Cell]]:
    for arc in found.arcs:
        for side in arc.sides:
            for point in side.points:
                names = (arc.machine, found.parameter, point.x, arc.label, side.side, side.revision.commit)
                numbers = (_finite(number) for number in (point.value, point.low, point.high))
                yield [*names, found.unit, *numbers, point.state]


CRASH_COLUMNS = (
    "fingerprint",
    "outcome",
    "signal",
    "exit status",
    "fault address",
    "executions",
    "machine",
    "commit",
    "name",
    "benchmark",
    "parameters",
    "last output",
)


def crashes_csv(rows: Sequence[CrashRow]) -> str:
    """Return one line a record, after a line of headings."""
    return spreadsheet(CRASH_COLUMNS, map(_crash_line, rows))


def _crash_line(row: CrashRow) -> Iterator[Cell]:
    status = "" if row.exit_status is None else str(row.exit_status)
    yield from (row.fingerprint, row.outcome, row.signal, status, row.fault_address, row.count)
    yield from (row.machine, row.revision.commit, row.revision.name, row.benchmark, _named(row.params))
    yield " | ".join(row.last_output)


BISECTION_COLUMNS = (
    "place",
    "commit",
    "subject line",
    "unit",
    "value",
    "executions",
    "crashed",
    "without a number",
    "does not build",
    "posterior",
)


def bisection_csv(look: Look) -> str:
    """Return one line a commit, oldest first, after a line of headings; `value` is a median in base units,
    or in the unit that a command printed."""
    unit = look.printed or (look.asked.unit if look.asked else "")
    return spreadsheet(BISECTION_COLUMNS, (_candidate_line(one, unit) for one in look.candidates))


def _candidate_line(one: Candidate, unit: str) -> Iterator[Cell]:
    yield from (one.place, one.commit, one.subject, unit, median(one.values) if one.values else None)
    yield from (one.executions, one.crashed, one.silent, "yes" if one.skipped else "no", one.belief)


FLOOR_COLUMNS = (
    "metric",
    "benchmark",
    "params",
    "taken",
    "floor",
    "comparisons",
    "samples",
    "commit",
    "revision",
)


def floors_csv(floors: Sequence[MeasuredFloor]) -> str:
    """Return one line a measured noise floor, after a line of headings.

    `floor` is relative, and empty where nothing strayed to something; `taken` is in seconds since the epoch.
    """
    return spreadsheet(FLOOR_COLUMNS, map(_floor_line, floors))


def _floor_line(one: MeasuredFloor) -> Iterator[Cell]:
    yield from (one.metric, one.case.benchmark, _named(one.case.params), one.taken, _finite(one.floor))
    yield from (one.comparisons, one.samples, one.commit, one.revision)


def _named(params: Params) -> str:
    return ", ".join(f"{name}={value}" for name, value in params)


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None
