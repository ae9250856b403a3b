"""Decimation loses no extreme, whatever the series."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.decimation import extremes, thinned

SERIES = st.lists(st.one_of(st.floats(-1e9, 1e9), st.just(float("nan"))), max_size=300).map(np.array)


@given(SERIES, st.integers(1, 40))
def test_extremes_are_kept_in_order_and_nothing_is_made_up(values: np.ndarray, stretches: int) -> None:
    values = values.astype(float)
    kept = extremes(values, stretches)
    there = values[~np.isnan(values)]
    assert list(kept) == sorted(set(kept.tolist()))
    assert not np.isnan(values[kept]).any()
    assert len(kept) <= 2 * stretches + 2
    if len(there):
        assert values[kept].min() == there.min()
        assert values[kept].max() == there.max()
        assert values[kept[0]] == there[0]
        assert values[kept[-1]] == there[-1]


@given(st.integers(0, 500), st.integers(2, 50))
def test_thinned_indices_keep_both_ends(count: int, most: int) -> None:
    kept = thinned(np.arange(count), most)
    assert len(kept) <= max(most, 0)
    if count:
        assert (kept[0], kept[-1]) == (0, count - 1)


def test_a_single_spike_among_ten_thousand_commits_survives() -> None:
    values = np.ones(10_000)
    values[7_123] = 9.0
    kept = extremes(values, 300)
    assert len(kept) <= 602
    assert 7_123 in kept
