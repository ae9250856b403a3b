"""The picture over commits, without a browser."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plotly_figures import tried

from dashboard.data.lines import Line, levels_of, scale_of
from dashboard.figures.history import BANDS_UNTIL, MOST_POINTS
from dashboard.figures.history import history as picture
from pagewalk.analysis.changepoints import detect
from pagewalk.index.answering.model import IndexedRevision, Series, SeriesKey
from pagewalk.index.states import NOT_RUN, OK

ATTACK = "<img src=x onerror=alert(1)>"


def series(values: list[float] | np.ndarray, **states: int) -> Series:
    """One series; keywords say which place has which other state."""
    column = np.asarray(values, dtype=float)
    revisions = tuple(IndexedRevision(f"{n:08x}" * 5, n, f"v{n}", 86_400 * n) for n in range(len(column)))
    told = [OK] * len(column)
    for state, at in states.items():
        told[at], column[at] = state.replace("_", "-"), np.nan
    empty = np.full(len(column), np.nan)
    key = SeriesKey("slab", "laptop", "pagewalk", "alloc.Churn.track_time", (("size", ATTACK),))
    return Series(key, "seconds", revisions, column, empty, empty, tuple(told))


def line(one: Series, *, relative: bool = False, window: tuple[int, int] | None = None) -> Line:
    levels = levels_of(one, detect(one.values))
    scale = scale_of(levels) if relative else 1.0
    return Line("size", "laptop", one, levels, scale, window or (0, len(one.revisions)))


def history(lines: Sequence[Line], revisions: Sequence[IndexedRevision]) -> go.Figure:
    return tried(picture(lines, revisions))


def drawn(figure: object) -> int:
    return sum(len(trace.x) for trace in figure.data)  # type: ignore[attr-defined]


def test_a_step_is_two_levels_and_one_marker_that_knows_its_commit() -> None:
    noise = np.random.default_rng(1).normal(1, 0.005, 60)
    one = series(np.where(np.arange(60) >= 33, 1.1, 1.0) * noise)
    found = line(one)
    assert [level.start for level in found.levels] == [0, 33]
    figure = history([found], one.revisions)
    markers = [t for t in figure.data if t.marker.symbol == ("triangle-up",)]
    assert list(markers[0].customdata) == [one.revisions[33].commit[:12]]
    assert "▲ up for good: +" in markers[0].hovertext[0]


def test_crashed_and_missing_commits_stand_in_a_lane_of_their_own_with_their_words() -> None:
    one = series([1.0] * 30, crashed=4, not_run=9, build_failed=20)
    figure = history([line(one)], one.revisions)
    named = {trace.name: list(trace.x) for trace in figure.data if trace.name and len(trace.x) == 1}
    assert named == {"✗ crashed": [4], "– missing": [9], "⚒ does not build": [20]}
    drawn_line = next(trace for trace in figure.data if trace.mode == "lines+markers")
    assert [y is None or np.isnan(y) for y in drawn_line.y].count(True) == 3
    assert NOT_RUN in one.states


def test_ten_thousand_commits_stay_few_points_and_keep_their_spike() -> None:
    values = np.random.default_rng(2).normal(1.0, 0.01, 10_000)
    values[6_543] = 3.0
    one = series(values)
    lines = [line(one), line(one)]
    figure = history(lines, one.revisions)
    assert drawn(figure) < 2 * MOST_POINTS
    assert 6_543 in figure.data[0].x


def test_markers_are_drawn_while_a_picture_has_few_points_and_then_on_no_line() -> None:
    def modes(lines: int) -> set[str]:
        one = series([1.0] * 100)
        return {trace.mode for trace in history([line(one)] * lines, one.revisions).data}

    assert modes(3) == {"lines+markers"}
    assert modes(4) == {"lines"}


def test_zooming_in_shows_every_commit_of_the_window() -> None:
    one = series(np.random.default_rng(3).normal(1.0, 0.01, 10_000))
    figure = history([line(one, window=(5_000, 5_100))], one.revisions[5_000:5_100])
    assert list(figure.data[0].x) == list(range(5_000, 5_100))


def test_relative_lines_begin_at_one() -> None:
    one = series([4.0] * 20 + [5.0] * 20)
    figure = history([line(one, relative=True)], one.revisions)
    assert figure.data[0].y[0] == pytest.approx(1.0)
    assert figure.data[0].y[-1] == pytest.approx(1.25)


def test_names_are_no_markup() -> None:
    one = series([1.0, 2.0, 3.0])
    hostile = Line(ATTACK, ATTACK, one, (), 1.0, (0, 3))
    text = history([hostile], one.revisions).to_json()
    assert "<img" not in text.replace("\\u003c", "<")


@given(st.lists(st.one_of(st.floats(-1e300, 1e300), st.just(float("nan"))), max_size=60))
def test_levels_cover_every_commit_once(values: list[float]) -> None:
    levels = levels_of(series(values), detect(np.array(values)))
    assert all(a.end == b.start for a, b in pairwise(levels))
    if levels:
        assert (levels[0].start, levels[-1].end) == (0, len(values))


def test_a_series_without_any_value_is_drawn_as_nothing() -> None:
    one = series([float("nan")] * 5)
    assert history([line(one)], one.revisions).to_json()
    assert history([], ()).to_json()


def test_lines_far_apart_share_a_logarithmic_axis_whose_ticks_are_powers_of_ten() -> None:
    far = [line(series([size] * 30)) for size in (2e-7, 3e-3, 0.9)]
    axis = history(far, far[0].series.revisions).layout.yaxis
    assert (axis.type, list(axis.tickvals)) == ("log", pytest.approx([1e-6, 1e-4, 1e-2]))
    assert list(axis.ticktext) == ["1 µs", "100 µs", "10 ms"]
    assert axis.range[0] < np.log10(2e-7)
    assert axis.range[1] > np.log10(0.9)


def test_a_line_alone_or_lines_near_one_another_keep_an_axis_of_equal_steps() -> None:
    near = [line(series([1.0] * 29 + [80.0])), line(series([2.0] * 30))]
    for lines in (near, near[:1], [line(series([0.0] * 30)), line(series([9.0] * 30))]):
        assert history(lines, near[0].series.revisions).layout.yaxis.type is None


@given(st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=4))
def test_the_lane_of_bad_endings_lies_below_all_values_and_within_the_axis(sizes: list[float]) -> None:
    lines = [line(series([size] * 5, crashed=2)) for size in sizes]
    figure = history(lines, lines[0].series.revisions)
    lane = next(trace.y[0] for trace in figure.data if trace.name == "✗ crashed")
    axis = figure.layout.yaxis
    assert lane < min(sizes)
    assert axis.range[0] < (np.log10(lane) if axis.type == "log" else lane)


def test_bands_are_drawn_while_one_can_be_told_from_another() -> None:
    def bands(lines: int) -> int:
        one = series([1.0, 1.1, 1.0])
        known = replace(one, low=one.values * 0.9, high=one.values * 1.1, interval="ci99")
        return sum(trace.fill == "toself" for trace in history([line(known)] * lines, one.revisions).data)

    assert (bands(1), bands(BANDS_UNTIL), bands(BANDS_UNTIL + 1)) == (1, BANDS_UNTIL, 0)
