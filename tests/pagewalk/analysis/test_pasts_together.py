"""Many series at once are worked out as each would be alone, to the last bit."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pagewalk.analysis.history_floor import LEAST, Strays, change, strays, usable, usual
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.past import Past, pasts_of
from pagewalk.analysis.single_values import Middles, measure_with_past, noise_of_past

VALUES = st.floats(-1e3, 1e3, allow_nan=False)
SERIES = st.integers(20, 101).flatmap(lambda n: arrays(np.float64, (1, n), elements=VALUES))
TABLES = st.tuples(st.integers(1, 6), st.integers(20, 101)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=VALUES)
)
GAPS = arrays(np.float64, (5, 130), elements=st.sampled_from([1.0, 2.0, 3.5, 0.0, math.nan, math.inf]))
SOME = st.floats(1e-6, 1e6)


def near(number: float) -> Any:
    """What differs in a last digit before it is subtracted: vectors of another length may be rounded so."""
    return pytest.approx(number, rel=1e-9, abs=1e-9)


def past_of(logs: Floats) -> Past:
    return Past(range(len(logs)), logs.shape[-1], logs[:, -10:], strays(logs))


def by_the_book(logs: Floats) -> Strays:
    """As numpy's own median has the level, one series at a time."""
    padded = np.concatenate([np.full(10, logs[0]), logs])
    level = np.median(np.lib.stride_tricks.sliding_window_view(padded, 11), axis=1)
    sizes = np.sort(np.abs(change(logs[:-1], level[:-1], logs[1:])))
    tail = max(1, round(0.2 * sizes.size))
    start = max(float(sizes[-tail - 1]), 1e-6)
    index = (float(np.log(np.maximum(sizes[-tail:], start) / start).sum()) + 0.4 * 20) / (tail + 20)
    return Strays(sizes[np.newaxis], np.array([start]), np.array([min(max(index, 0.15), 1.2)]))


@given(table=TABLES)
def test_series_that_are_worked_out_together_stray_as_each_does_alone(table: Floats) -> None:
    together = strays(table)
    for row, logs in enumerate(table):
        found, expected = together.of([row]), by_the_book(logs)
        assert np.array_equal(found.sizes, expected.sizes)
        assert (found.start, found.index) == (expected.start, expected.index)


@given(logs=SERIES, size=st.floats(0, 10))
def test_a_p_value_is_the_share_that_was_seen_or_that_of_the_tail(logs: Floats, size: float) -> None:
    noise = strays(logs)
    beyond = sum(one >= size for one in noise.sizes[0].tolist())
    start, index, count = noise.start.item(), noise.index.item(), noise.sizes.size
    expected = min(1.0, (1 + beyond) / (1 + count))
    if size > start:
        expected = max(0.2 * (size / start) ** (-1 / index), beyond / count / 2.5)
    assert noise.p(np.array([size])).item() == pytest.approx(expected, rel=1e-12)


@given(logs=SERIES, p=st.floats(0.001, 1.0))
def test_a_quantile_of_strays_is_that_of_numpy(logs: Floats, p: float) -> None:
    noise = strays(logs)
    share = 1 - p if p >= 0.2 else 1 - min(1.0, 2.5 * p)
    higher = float(np.quantile(noise.sizes, share, method="higher"))
    law = 0.0 if p >= 0.2 else noise.start.item() * (0.2 / p) ** noise.index.item()
    assert noise.size(p).item() == pytest.approx(max(law, higher), rel=1e-12)


@given(logs=SERIES)
def test_a_level_rests_on_no_more_than_ten_values_before(logs: Floats) -> None:
    assert usual(logs)[0, -1] == usual(logs[:, -11:])[0, -1]


@given(table=GAPS)
def test_of_each_series_the_last_values_count_that_have_a_logarithm(table: Floats) -> None:
    found = {row: logs for rows, together in usable(table) for row, logs in zip(rows, together, strict=True)}
    for row, values in enumerate(table.tolist()):
        kept = [value for value in values if math.isfinite(value) and value > 0][-101:]
        assert (row in found) == (len(kept) >= LEAST)
        if row in found:
            assert found[row].tolist() == np.log(kept).tolist()


@given(
    table=arrays(np.float64, (4, 30), elements=SOME),
    sides=arrays(np.float64, (2, 4), elements=SOME),
    width=arrays(np.float64, 4, elements=st.sampled_from([0.0, 0.01, 0.3])),
)
def test_changes_are_held_against_their_pasts_together_as_each_alone(
    table: Floats, sides: Floats, width: Floats
) -> None:
    past = past_of(np.log(table))
    together = measure_with_past(Middles(sides[0], sides[1], width, (1, 1)), past, 0.05)
    floors = noise_of_past(past, tested=[False, True, False, True], width=width)
    for row in range(4):
        one = slice(row, row + 1)
        alone = measure_with_past(
            Middles(sides[0, one], sides[1, one], width[one], (1, 1)), past.of([row]), 0.05
        )
        for found, expected in ((together.ratio, alone.ratio), (together.difference, alone.difference)):
            assert found.estimate[row] == near(expected.estimate[0])
            assert found.low[row] == near(expected.low[0])
            assert found.high[row] == near(expected.high[0])
        assert together.p[row] == near(alone.p[0])
        (floor,) = noise_of_past(past.of([row]), tested=[row % 2 == 1], width=width[one])
        assert floors[row] == near(floor)


@given(table=TABLES, base=SOME, head=SOME)
def test_a_change_is_told_from_the_median_of_the_base_and_ten_before(
    table: Floats, base: float, head: float
) -> None:
    past = past_of(table)
    rows = len(table)
    middles = Middles(np.full(rows, base), np.full(rows, head), np.zeros(rows), (1, 1))
    told = measure_with_past(middles, past, 0.05).ratio.estimate
    for row, logs in enumerate(table):
        level = float(usual(np.append(logs, np.log(base))[np.newaxis])[0, -1])
        moved = change(np.log([base]), np.array([level]), np.log([head]))
        with np.errstate(over="ignore"):
            assert told[row] == pytest.approx(np.exp(moved[0]), rel=1e-12)


def test_a_series_too_short_to_say_anything_has_no_past() -> None:
    values = np.full((3, 30), math.nan)
    values[0, 5:], values[1, 11:], values[2] = 1.0, 1.0, 2.0
    assert [(past.rows, past.length) for past in pasts_of(values)] == [([0], 25), ([2], 30)]


def test_series_of_one_length_share_a_past() -> None:
    values = np.arange(1.0, 91.0).reshape(3, 30)
    values[1, 0] = math.nan
    shorter, longer = pasts_of(values)
    assert (shorter.rows, longer.rows) == ([1], [0, 2])
    assert np.array_equal(longer.latest, np.log(values[[0, 2], -10:]))
    assert longer.of([1]).rows == [2]
