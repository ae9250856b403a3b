"""A log of runs as arrays: outcomes, crashes and provenance that asv's own files cannot hold."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from asv_runner.statistics import compute_stats

from pagewalk.analysis.fingerprints import fingerprint
from pagewalk.history.codec import Definitions, LoggedRun, decode
from pagewalk.index.layouts import Layout, Values
from pagewalk.index.reading import numbers
from pagewalk.index.reading.parsed import Axes, Crashes, Parsed, Problem
from pagewalk.index.reading.sheets import Arrays, sheet_of
from pagewalk.index.states import ABSENT, CODES, NOT_RUN, OK
from pagewalk.index.texts import NAME, WORD, clean
from pagewalk.model import Case, Crash, Outcome, Provenance, worst_of

MOST_CRASHES = 10_000
MOST_FRAMES = 64

Cell = tuple[float | None, str, Mapping[str, float], Provenance | None, float]
"""Value, state, asv's statistics, provenance, time taken."""


def parse(data: bytes, digest: str, commit: str, environment: str, described: Mapping[str, Axes]) -> Parsed:
    """Read a log; lines that cannot be read, a torn last one among them, are listed and passed over.

    Args:
        commit: that it is about, as its name says.
        described: axes of benchmarks as `benchmarks.json` has them.
    """
    problems: list[Problem] = []
    lines = data.decode("utf-8", "replace").splitlines()
    runs = list(decode(lines, Definitions(), lambda line, reason: problems.append((line, clean(reason)))))
    by_case: dict[Case, list[LoggedRun]] = defaultdict(list)
    for logged in runs:
        by_case[logged.case].append(logged)
    cells: dict[tuple[str, str], dict[Values, Cell]] = defaultdict(dict)
    for case, taken in by_case.items():
        last = taken[-1]
        latest = [run for run in taken if (run.sitting, run.version) == (last.sitting, last.version)]
        values = tuple(clean(value) for _, value in case.params)
        for metric, cell in _cells(latest).items():
            name = clean(f"{case.benchmark}.track_{metric}", NAME)
            cells[name, clean(last.version, WORD)][values] = cell
    sheet = sheet_of(
        [_arrays(name, version, found, described.get(name)) for (name, version), found in cells.items()]
    )
    return Parsed(digest, commit, None, environment, {}, sheet, tuple(_crashes(runs)), tuple(problems[:1000]))


def _cells(runs: Sequence[LoggedRun]) -> dict[str, Cell]:
    worst = worst_of(Counter(run.run.outcome for run in runs)).value
    samples = defaultdict(list)
    for logged in runs:
        for sample in logged.run.samples:
            samples[sample.metric].append(sample)
    names = {missing.metric for logged in runs for missing in logged.run.missing} | samples.keys()
    taken = runs[-1].taken
    cells: dict[str, Cell] = {}
    for metric in sorted(names):
        found = samples.get(metric)
        if worst != OK or not found:
            cells[metric] = (None, worst if worst != OK else NOT_RUN, {}, None, taken)
            continue
        value, stats = compute_stats([sample.value for sample in found], 1)
        provenance = min((sample.provenance for sample in found), key=lambda one: one.share)
        cells[metric] = (value, OK, stats, provenance, taken)
    return cells


def _arrays(name: str, version: str, cells: Mapping[Values, Cell], described: Axes | None) -> Arrays:
    layout = _layout(cells, described)
    nothing: Cell = (None, ABSENT, {}, None, 0.0)
    column = [cells.get(values, nothing) for values in layout]
    value, _ = numbers.values([cell[0] for cell in column])
    state = bytes(CODES[cell[1]] for cell in column)

    def stat(key: str) -> list[float | None]:
        return [cell[2].get(key) for cell in column]

    place, low, high = numbers.interval(
        state, len(column), (stat("ci_99_a"), stat("ci_99_b")), (stat("q_25"), stat("q_75"))
    ) or (0, None, None)
    newest = max(column, key=lambda cell: (cell[3] is not None, cell[4]))
    return Arrays(
        name,
        version,
        layout.encode(),
        len(column),
        max(cell[4] for cell in column),
        numbers.little_endian(value),
        numbers.little_endian(low) if low else b"",
        numbers.little_endian(high) if high else b"",
        state if any(state) else None,
        place,
        newest[3],
    )


def _layout(cells: Mapping[Values, Cell], described: Axes | None) -> Layout:
    """Use asv's own layout where it holds all cases, so that a log that grows keeps its place."""
    full = Layout(described or ())
    if (
        described is not None
        and len(full) <= 16 * len(cells)
        and all(full.place(v) is not None for v in cells)
    ):
        return full
    return Layout(rows=tuple(sorted(cells)))


def _crashes(runs: Sequence[LoggedRun]) -> list[Crashes]:
    bad = [run for run in runs if not (run.run.outcome.good or run.run.outcome is Outcome.UNSUPPORTED)]
    marked = sorted(
        ((run.case, run.run.outcome.value, fingerprint(run.run.outcome, run.run.crash), run) for run in bad),
        key=lambda one: one[:3],
    )
    found = []
    for (case, outcome, kind), several in groupby(marked, key=lambda one: one[:3]):
        alike = [one[3] for one in several]
        found.append(
            Crashes(
                clean(case.benchmark, NAME),
                tuple((clean(name, WORD), clean(value)) for name, value in case.params),
                outcome,
                _kept(alike[-1].run.crash or Crash()),
                kind,
                len(alike),
                alike[-1].taken,
            )
        )
    return found[:MOST_CRASHES]


def _kept(crash: Crash) -> Crash:
    lines = tuple(clean(line) for line in crash.last_output[-40:])
    status = (
        crash.exit_status if crash.exit_status is None else max(-(1 << 31), min(crash.exit_status, 1 << 31))
    )
    return replace(
        crash,
        signal=clean(crash.signal, WORD),
        exit_status=status,
        last_output=lines,
        frames=tuple(clean(frame, WORD) for frame in crash.frames[:MOST_FRAMES]),
        registers={clean(name, WORD): value for name, value in list(crash.registers.items())[:MOST_FRAMES]},
        faults=tuple(clean(fault, WORD) for fault in crash.faults[:MOST_FRAMES]),
        code=clean(crash.code),
        memory=clean(crash.memory),
        page={clean(word, WORD): clean(text, WORD) for word, text in list(crash.page.items())[:MOST_FRAMES]},
    )
