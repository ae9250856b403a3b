"""Crashes put where their values would be: a process that died left no value of any metric."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dashboard.data.benchmarks import split
from pagewalk.index.answering.model import CrashRow, Params, Series
from pagewalk.index.states import ABSENT


def with_endings(found: Sequence[Series], crashes: Sequence[CrashRow]) -> tuple[Series, ...]:
    """Return the series with the outcome of those commits where the case did not end well."""
    ended: dict[tuple[str, str, tuple[str, ...]], dict[str, str]] = {}
    for row in crashes:
        ended.setdefault((row.machine, row.benchmark, _values(row.params)), {})[row.revision.commit] = (
            row.outcome
        )
    return tuple(
        _told(s, ended.get((s.key.machine, split(s.key.benchmark)[0], _values(s.key.params)), {}))
        for s in found
    )


def _values(params: Params) -> tuple[str, ...]:
    # Names of parameters come from a description that may be missing; values are what tells cases apart
    return tuple(value for _, value in params)


def _told(series: Series, ended: Mapping[str, str]) -> Series:
    if not ended:
        return series
    states = tuple(
        ended.get(revision.commit, state) if state == ABSENT else state
        for revision, state in zip(series.revisions, series.states, strict=True)
    )
    return replace(series, states=states)
