"""Medians of windows that share their parts are those of numpy, to the last bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.running_median import WINDOW, running_medians

# Few different values, so that many are equal, or any
ENTRIES = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e9, 1e9))
TABLES = st.tuples(st.integers(1, 4), st.integers(WINDOW, 40)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=ENTRIES)
)


@given(table=TABLES)
def test_each_window_has_the_median_that_numpy_finds(table: Floats) -> None:
    windows = np.lib.stride_tricks.sliding_window_view(table, WINDOW, axis=-1)
    assert np.array_equal(running_medians(table), np.median(windows, axis=-1))


@pytest.mark.parametrize("order", [range(11), range(10, -1, -1), (5, 0, 10, 1, 9, 2, 8, 3, 7, 4, 6)])
def test_a_single_window_has_a_single_median_in_whatever_order(order: list[int]) -> None:
    assert running_medians(np.array([order], dtype=float)).tolist() == [[5.0]]
