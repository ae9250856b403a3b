"""The table as CSV: base units, full precision, every sample's provenance; safe to open in a spreadsheet."""

import csv
import io
import math
from collections.abc import Iterator, Sequence
from statistics import median

from dashboard.data.bisection import Look
from dashboard.data.curve import Curve
from dashboard.data.lines import Line, params_text
from dashboard.data.rows import Row
from dashboard.looks.verdicts import LOOKS
from dashboard.looks.wording import day_text, outcome_text, provenance_text, source_text
from pagewalk.analysis.comparison import MetricRow, OutcomeRow
from pagewalk.history.noise import MeasuredFloor
from pagewalk.index.answering.model import CrashRow, Series
from pagewalk.reports.wording import middle, printable
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
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_csv(rows: Sequence[Row], machines: Sequence[str]) -> str:
    """Return one line a row and machine, after a line of headings.

    `ratio` is head over base with its interval; numbers are empty where they are missing, and the
    source then says why.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        for name in machines:
            cell = row.cells.get(name)
            if cell is not None:
                writer.writerow([plain(text) for text in _line(row, cell)])
    return stream.getvalue()


def _line(row: Row, cell: MetricRow | OutcomeRow) -> Iterator[str | float | None]:
    yield from (str(row.case), row.metric, unit_of_metric(row.metric), cell.machine)
    verdict = LOOKS[cell.verdict].word
    if isinstance(cell, OutcomeRow):
        yield from (
            outcome_text(cell.base),
            outcome_text(cell.head),
            None,
            None,
            None,
            verdict,
            cell.evidence,
        )
        yield from ("process status", "process status")
        return
    effect = cell.effect
    yield from (middle(cell.base), middle(cell.head))
    yield from (effect.ratio, effect.low, effect.high) if effect else (None, None, None)
    yield from (verdict, cell.evidence, source_text(cell.base), source_text(cell.head))


def plain(value: str | float | None) -> str | float | None:
    """Keep spreadsheets from reading a name as a formula (CWE-1236)."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


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
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HISTORY_COLUMNS)
    for line in lines:
        for at in line.shown:
            writer.writerow([plain(text) for text in _history_line(line.series, int(at))])
    return stream.getvalue()


def _history_line(series: Series, at: int) -> Iterator[str | float | None]:
    revision, key = series.revisions[at], series.key
    yield from (revision.commit, revision.name, day_text(revision.date), revision.title)
    yield from (key.machine, key.environment, key.benchmark, params_text(key), series.unit)
    for column in (series.values, series.low, series.high):
        yield float(column[at]) if math.isfinite(column[at]) else None
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
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CURVE_COLUMNS)
    for arc in found.arcs:
        for side in arc.sides:
            for point in side.points:
                numbers = [n if math.isfinite(n) else None for n in (point.value, point.low, point.high)]
                names = (arc.machine, found.parameter, point.x, arc.label, side.side, side.revision.commit)
                line: list[str | float | None] = [*names, found.unit, *numbers, point.state]
                writer.writerow([plain(text) for text in line])
    return stream.getvalue()


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
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CRASH_COLUMNS)
    for row in rows:
        status = "" if row.exit_status is None else str(row.exit_status)
        params = ", ".join(f"{name}={value}" for name, value in row.params)
        ended = (row.fingerprint, row.outcome, row.signal, status, row.fault_address, row.count)
        where = (row.machine, row.revision.commit, row.revision.name, row.benchmark, params)
        writer.writerow([plain(text) for text in (*ended, *where, " | ".join(row.last_output))])
    return stream.getvalue()


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
    """Return one line a commit, oldest first, after a line of headings; `value` is a median in base units."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(BISECTION_COLUMNS)
    unit = look.asked.unit if look.asked else ""
    for one in look.candidates:
        value = median(one.values) if one.values else None
        counts = (one.executions, one.crashed, one.silent, "yes" if one.skipped else "no")
        line = (one.place, one.commit, one.subject, unit, value, *counts, one.belief)
        writer.writerow([plain(text) for text in line])
    return stream.getvalue()


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
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FLOOR_COLUMNS)
    for f in floors:
        params = ", ".join(f"{name}={value}" for name, value in f.case.params)
        size = f.floor if math.isfinite(f.floor) else None
        names = (
            f.metric,
            f.case.benchmark,
            params,
            f.taken,
            size,
            f.comparisons,
            f.samples,
            f.commit,
            f.revision,
        )
        writer.writerow([plain(text) for text in names])
    return stream.getvalue()
