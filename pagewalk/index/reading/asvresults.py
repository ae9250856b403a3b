"""A result file of asv, format 1 or 2, as arrays. Formats: asv's own `asv/results.py`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from pagewalk import lenient
from pagewalk.asvcolumns import Columns, entries
from pagewalk.index.layouts import Layout
from pagewalk.index.reading import numbers
from pagewalk.index.reading.parsed import Axes, Parsed, Problem, Unreadable
from pagewalk.index.reading.sheets import Arrays, sheet_of
from pagewalk.index.texts import NAME, WORD, clean

MOST_CASES = 1 << 20
_COMMIT = re.compile(r"[0-9A-Za-z]{4,64}")
_LATEST = 253_402_300_800.0
"""The year 10,000, in seconds since the epoch."""


def parse(data: bytes, digest: str, described: Mapping[str, Axes]) -> Parsed:
    """Read a result file.

    Args:
        described: axes of benchmarks as `benchmarks.json` has them, for files that do not say their own.

    Raises:
        Unreadable: it is no result file of asv.
    """
    try:
        body = lenient.loads(data)
    except ValueError as error:
        raise Unreadable(f"not JSON, or cut short: {error}"[:200]) from error
    if not isinstance(body, dict) or not isinstance(body.get("results"), dict):
        raise Unreadable("not a result file of asv: it holds no results")
    commit = body.get("commit_hash")
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise Unreadable("not a result file of asv: it names no commit")
    problems: list[Problem] = []
    sheet = sheet_of(list(_arrays(entries(body), described, problems)))
    facts = body.get("params")
    return Parsed(
        digest,
        commit,
        _date(body.get("date")),
        clean(body.get("env_name") or body.get("python") or "", WORD),
        {clean(k, WORD): clean(v, WORD) for k, v in facts.items()} if isinstance(facts, dict) else {},
        sheet,
        problems=tuple(problems),
    )


def _date(milliseconds: Any) -> int | None:
    found = seconds(milliseconds)
    return None if found is None else int(found)


def seconds(milliseconds: Any) -> float | None:
    """Turn a timestamp of JavaScript into seconds since the epoch, None where it is none."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    return milliseconds / 1000 if -_LATEST < milliseconds / 1000 < _LATEST else None


def _arrays(
    found: Iterator[tuple[str, Columns]], described: Mapping[str, Axes], problems: list[Problem]
) -> Iterator[Arrays]:
    seen = set()
    for raw, columns in found:
        name = clean(raw, NAME)
        try:
            if name in seen:
                raise Unreadable("there twice")
            seen.add(name)
            yield _one(name, columns, described.get(name))
        except Unreadable as error:
            problems.append((0, f"{clean(name, 80)}: {error}"))


def _one(name: str, columns: Columns, described: Axes | None) -> Arrays:
    layout, cases = _layout(columns, described)
    if not 0 < cases <= MOST_CASES:
        raise Unreadable(f"{cases} combinations of parameters")
    result = columns.get("result")
    found = result if isinstance(result, list) else [result] * cases
    if len(found) != cases:
        raise Unreadable(f"{len(found)} values for {cases} combinations of parameters")
    value, state = numbers.values(found)
    chosen = numbers.interval(
        state,
        cases,
        (columns.get("stats_ci_99_a"), columns.get("stats_ci_99_b")),
        (columns.get("stats_q_25"), columns.get("stats_q_75")),
    ) or numbers.interval(state, cases, ((), ()), ((), ()), numbers.extremes(columns.get("samples"), cases))
    place, low, high = chosen or (0, None, None)
    version = columns.get("version")
    return Arrays(
        name,
        clean("" if version is None else version, WORD),
        layout,
        cases,
        seconds(columns.get("started_at")),
        numbers.little_endian(value),
        numbers.little_endian(low) if low else b"",
        numbers.little_endian(high) if high else b"",
        state,
        place,
    )


def _layout(columns: Columns, described: Axes | None) -> tuple[str, int]:
    """Return the encoded layout of a benchmark and how many cases it has."""
    if "params" in columns:
        try:
            return _layout_of(orjson.dumps(columns["params"]))
        except TypeError:  # a lone surrogate
            layout = Layout(axes_of(columns["params"]))
            return layout.encode(), len(layout)
    result = columns.get("result")
    if described is None and isinstance(result, list) and len(result) > 1:
        raise Unreadable("its parameters are written nowhere")
    layout = Layout(described or ())
    return layout.encode(), len(layout)


@lru_cache(maxsize=2048)
def _layout_of(params: bytes) -> tuple[str, int]:
    # file after file repeats the same parameters; to read them anew took a third of all time
    layout = Layout(axes_of(orjson.loads(params)))
    return layout.encode(), len(layout)


def axes_of(params: Any) -> Axes:
    """Read the axes of a benchmark.

    Raises:
        Unreadable: they are no list of lists.
    """
    if params is None:
        return ()
    if not isinstance(params, list) or not all(isinstance(axis, list) for axis in params):
        raise Unreadable("its parameters are no list of lists")
    return tuple(_axis(axis) for axis in params)


def _axis(axis: Sequence[Any]) -> tuple[str, ...]:
    if len(axis) > MOST_CASES:
        raise Unreadable(f"{len(axis)} values of one parameter")
    return tuple(clean(value) for value in axis)
