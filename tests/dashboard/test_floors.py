"""The noise of a machine over time: a point a metric and day, and the picture of it."""

import csv
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.data.export import floors_csv
from dashboard.data.floors import holding, noise_over_time
from dashboard.figures.noise import height_of, noise_figure
from pagewalk.history.noise import MeasuredFloor
from pagewalk.model import Case

DAY = 86_400.0
FLOOR = MeasuredFloor(Case("a.B", (("size", "1"),)), "time", 0.01, 20, 10, "c" * 40, "v1", 10 * DAY, {})


def floor(size: float, *, day: float = 10, metric: str = "time", case: str = "1") -> MeasuredFloor:
    return replace(FLOOR, floor=size, taken=day * DAY, metric=metric, case=Case("a.B", (("size", case),)))


def test_a_day_is_told_by_its_median_and_its_noisiest_case() -> None:
    found = noise_over_time([floor(0.01, case="1"), floor(0.02, case="2"), floor(0.3, case="<b>3")])
    (day,) = found["time"]
    assert (day.least, day.middle, day.most, day.cases) == (0.01, 0.02, 0.3, 3)
    assert day.worst.case.params == (("size", "<b>3"),)
    (line,) = noise_figure(found).data
    assert "&lt;b&gt;3" in line.hovertext[0]
    assert "30" in line.hovertext[0]


def test_days_follow_one_another_and_a_case_measured_twice_a_day_counts_as_last() -> None:
    found = noise_over_time([floor(0.05, day=12), floor(0.01, day=10.1), floor(0.02, day=10.9)])
    assert [day.middle for day in found["time"]] == [0.02, 0.05]


def test_what_holds_now_is_the_latest_of_every_case() -> None:
    old, new, other = floor(0.05), floor(0.01, day=20), floor(0.3, metric="page_faults")
    assert holding([new, old, other]) == {"time": [new], "page_faults": [other]}


@pytest.mark.slow
@given(st.lists(st.tuples(st.floats(0, math.inf), st.integers(0, 400), st.sampled_from("ab")), min_size=1))
def test_any_floors_are_drawn_within_the_axis(given_floors: list[tuple[float, int, str]]) -> None:
    noise = noise_over_time([floor(size, day=day, metric=metric) for size, day, metric in given_floors])
    figure = noise_figure(noise)
    low, high = figure.layout.yaxis.range
    for line in figure.data:
        tops = [y + up for y, up in zip(line.y, line.error_y.array, strict=True)]
        assert all(
            low <= math.log10(y) and math.log10(top) <= high for y, top in zip(line.y, tops, strict=True)
        )
    assert figure.layout.height == height_of(noise)


def test_the_table_to_download_has_every_measurement() -> None:
    lines = list(csv.DictReader(floors_csv([floor(0.01), floor(math.inf, day=11)]).splitlines()))
    assert [line["floor"] for line in lines] == ["0.01", ""]
    assert lines[0]["params"] == "size=1"
