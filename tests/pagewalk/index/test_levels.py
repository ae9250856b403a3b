"""Where levels begin is what change points say, whether a search has noted it or not."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from pagewalk.analysis.changepoints import detect
from pagewalk.index.answering.model import BenchmarkQuery, Series
from pagewalk.index.answering.series import series, series_keys
from pagewalk.index.changes import levels
from pagewalk.index.changes.searching import searching
from pagewalk.index.database import Index
from pagewalk.index.schema import level
from pagewalk.index.writing.updating import update
from tests.pagewalk.index.projects import write_raw


def stepped(*heights: float, seed: int) -> list[float | None]:
    """Thirty values of each height; every seventh one is missing."""
    noise = np.random.default_rng(seed).normal(1, 0.005, 30 * len(heights))
    values = np.repeat(heights, 30) * noise
    return [None if at % 7 == 3 else float(value) for at, value in enumerate(values)]


def written(root: Path, cases: Sequence[list[float | None]], commits: range) -> None:
    for number in commits:
        row = [[values[number] for values in cases], [[str(i) for i in range(len(cases))]]]
        write_raw(root, number, {"sort.time_sort": row}, result_columns=["result", "params"])


def asked(index: Index) -> tuple[Series, ...]:
    return series(index, series_keys(index, BenchmarkQuery("results", "sort.time_sort")).rows)


def refuse(_values: object) -> list[int]:
    raise AssertionError("that was to be known")


CASES = [stepped(1.0, 1.3, seed=1), stepped(2.0, 2.0, seed=2), stepped(5.0, 4.0, seed=3)]


def test_what_a_search_has_noted_is_what_change_points_say_and_nobody_looks_again(
    index: Index, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(root, CASES, range(60))
    update(index, root)
    found = asked(index)
    expected = tuple(detect(one.values) for one in found)
    assert [len(starts) for starts in expected] == [1, 0, 1]
    assert levels.level_starts(index, found) == expected
    list(searching(index, root))
    monkeypatch.setattr(levels, "detect", refuse)
    assert levels.level_starts(index, found) == expected


def test_what_was_noted_of_fewer_commits_is_not_told_of_more(index: Index, root: Path) -> None:
    written(root, CASES, range(40))
    update(index, root)
    list(searching(index, root))
    written(root, CASES, range(40, 60))
    update(index, root)
    found = asked(index)
    assert levels.level_starts(index, found) == tuple(detect(one.values) for one in found)
    list(searching(index, root))
    with index.reading() as connection:
        noted = connection.execute(select(func.count()).select_from(level)).scalar_one()
    assert noted == len(CASES)


def test_nothing_is_noted_of_what_is_gone(index: Index, root: Path) -> None:
    written(root, CASES, range(40))
    update(index, root)
    list(searching(index, root))
    for file in root.rglob("*.json"):
        file.unlink()
    update(index, root)
    list(searching(index, root))
    with index.reading() as connection:
        assert connection.execute(select(level)).all() == []


def test_of_no_series_nothing_is_said(index: Index) -> None:
    assert levels.level_starts(index, ()) == ()
