"""Many series at once are worked out as each would be alone, to the last bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pagewalk.analysis.history_floor import (
    Strays,
    change,
    one_change,
    strays,
    strays_together,
    usual,
    usual_before,
)
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.past import past_of, pasts_of

VALUES = st.floats(-1e3, 1e3, allow_nan=False)
SERIES = st.integers(20, 101).flatmap(lambda n: arrays(np.float64, n, elements=VALUES))
TABLES = st.tuples(st.integers(1, 6), st.integers(20, 101)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=VALUES)
)


def by_the_book(logs: Floats) -> Strays:
    """As numpy's own median has the level, one series at a time."""
    padded = np.concatenate([np.full(10, logs[0]), logs])
    level = np.median(np.lib.stride_tricks.sliding_window_view(padded, 11), axis=1)
    sizes = np.sort(np.abs(change(logs[:-1], level[:-1], logs[1:])))
    tail = max(1, round(0.2 * sizes.size))
    start = max(float(sizes[-tail - 1]), 1e-6)
    index = (float(np.log(np.maximum(sizes[-tail:], start) / start).sum()) + 0.4 * 20) / (tail + 20)
    return Strays(sizes, start, min(max(index, 0.15), 1.2))


@given(table=TABLES)
def test_series_that_are_worked_out_together_stray_as_each_does_alone(table: Floats) -> None:
    for found, logs in zip(strays_together(table), table, strict=True):
        expected = by_the_book(logs)
        assert np.array_equal(found.sizes, expected.sizes)
        assert (found.start, found.index) == (expected.start, expected.index)


@given(logs=SERIES, p=st.floats(0.001, 1.0))
def test_a_quantile_of_strays_is_that_of_numpy(logs: Floats, p: float) -> None:
    noise = strays(logs)
    share = 1 - p if p >= 0.2 else 1 - min(1.0, 2.5 * p)
    higher = float(np.quantile(noise.sizes, share, method="higher"))
    assert noise.size(p) == (higher if p >= 0.2 else max(noise.start * (0.2 / p) ** noise.index, higher))


@given(logs=SERIES)
def test_a_level_rests_on_no_more_than_ten_values_before(logs: Floats) -> None:
    assert usual(logs)[-1] == usual(logs[-11:])[-1]


@given(logs=SERIES, last=VALUES, head=VALUES)
def test_two_single_numbers_are_held_against_their_level_as_arrays_are(
    logs: Floats, last: float, head: float
) -> None:
    level = float(usual(np.append(logs, last))[-1])
    assert usual_before(logs, last) == level
    moved = change(np.array([last]), np.array([level]), np.array([head]))
    assert one_change(last, level, head) == float(moved[0])


def test_a_series_too_short_to_say_anything_has_no_past() -> None:
    known = pasts_of({"long": [1.0] * 25, "short": [1.0] * 19, "longer": [2.0] * 30})
    assert set(known) == {"long", "longer"}
    assert known["longer"].logs.size == 30
    assert past_of([1.0] * 19) is None
