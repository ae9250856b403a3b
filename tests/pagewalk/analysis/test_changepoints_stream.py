"""A series that grows, and one longer than a window."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagewalk.analysis.changepoints import Stream, detect
from pagewalk.analysis.changepoints.method import Series
from pagewalk.analysis.changepoints.stream import HOP, WINDOW


def long_series(*changes: int, count: int, seed: int = 0) -> Series:
    """Return `count` values whose level rises by 3 noise deviations at each of `changes`."""
    values = np.random.default_rng(seed).normal(100, 1, count)
    for at in changes:
        values[at:] += 3
    return values


class Recorder:
    """A method that says a fixed thing and remembers what it was shown."""

    name = "recorder"

    def __init__(self) -> None:
        self.shown: list[int] = []

    def find(self, series: Series) -> list[int]:
        self.shown.append(len(series))
        return []


def test_growing_by_one_gives_what_the_whole_series_gives() -> None:
    values = long_series(40, 90, count=140)
    stream = Stream(values[:20])
    for end in range(20, len(values)):
        stream.append(values[end])
        assert stream.changes == detect(values[: end + 1])


@given(st.lists(st.integers(1, 2999), max_size=4), st.integers(0, 3000), st.integers(0, 2**32 - 1))
@settings(max_examples=8, deadline=None)
def test_a_long_stream_ends_with_what_the_whole_series_gives(
    changes: list[int], begin: int, seed: int
) -> None:
    values = long_series(*changes, count=3000, seed=seed)
    stream = Stream(values[:begin])
    for value in values[begin:]:
        stream.append(value)
    assert stream.changes == detect(values)


@pytest.mark.parametrize(
    "at", [HOP // 2, HOP, WINDOW - HOP // 2 - 1, WINDOW - HOP // 2, WINDOW, WINDOW + 1, 1500]
)
def test_a_step_is_found_once_wherever_windows_meet(at: int) -> None:
    (found,) = detect(long_series(at, count=2500))
    assert abs(found - at) <= 3


def test_missing_values_keep_their_index_in_a_stream() -> None:
    values = np.insert(long_series(60, count=120), [0, 30, 60, 120], [np.nan, np.inf, np.nan, -np.inf])
    stream = Stream()
    for value in values:
        stream.append(value)
    assert stream.changes == detect(values) == [63]


def test_an_append_never_looks_at_more_than_a_window() -> None:
    recorder = Recorder()
    stream = Stream(np.zeros(10_000), recorder)
    recorder.shown.clear()
    for _ in range(HOP + 10):
        stream.append(0.0)
        assert stream.changes == []
    assert len(recorder.shown) == HOP + 10, "one look an append, the sliding of the window included"
    assert max(recorder.shown) <= WINDOW
