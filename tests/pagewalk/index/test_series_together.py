"""Series that are asked for together are those that are asked for one by one."""

from pathlib import Path

import numpy as np

from pagewalk.index.answering.model import BenchmarkQuery, Series
from pagewalk.index.answering.series import Frames, series, series_keys
from pagewalk.index.database import Index
from pagewalk.index.writing.updating import update
from tests.pagewalk.index.projects import describe, write_raw


def test_series_of_several_benchmarks_and_environments_are_told_together_as_alone(
    index: Index, root: Path
) -> None:
    describe(root)
    for number in range(1, 6):
        results = {"sort.time_sort": [float(number)], "sort.time_merge": [float(10 * number)]}
        environment = "other" if number == 4 else "venv"
        write_raw(root, number, results, env_name=environment)
    update(index, root)
    keys = [
        key
        for name in ("sort.time_sort", "sort.time_merge")
        for key in series_keys(index, BenchmarkQuery("results", name)).rows
    ]
    together = series(index, keys)
    assert {key.environment for key in keys} == {"other", "venv"}
    assert {len(one.revisions) for one in together} == {1, 4}
    for key, one in zip(keys, together, strict=True):
        (alone,) = series(index, [key])
        assert one.key == key
        assert one.revisions == alone.revisions
        np.testing.assert_array_equal(one.values, alone.values)


def test_commits_that_were_read_for_one_benchmark_are_not_read_for_another_until_there_are_more(
    index: Index, root: Path
) -> None:
    def last(name: str) -> Series:
        (found,) = series(index, series_keys(index, BenchmarkQuery("results", name)).rows, frames)
        return found

    describe(root)
    frames: Frames = {}
    for number in range(1, 4):
        write_raw(root, number, {"sort.time_sort": [float(number)], "sort.time_merge": [10.0 * number]})
    update(index, root)
    assert last("sort.time_sort").revisions is last("sort.time_merge").revisions
    write_raw(root, 4, {"sort.time_sort": [4.0]})
    update(index, root)
    np.testing.assert_array_equal(last("sort.time_sort").values, [1, 2, 3, 4])
    np.testing.assert_array_equal(last("sort.time_merge").values, [10, 20, 30, np.nan])
