"""Pictures of time lines and of arguments, without a browser."""

import csv
import io

import pytest
from synthetic_timelines import EVENTS, US

from dashboard.data.timelines import timeline_csv
from dashboard.figures.arguments import argument_figure
from dashboard.figures.timeline import timeline_figure
from pagewalk.analysis.profiles import arguments, parse_folded
from pagewalk.analysis.timeline import timeline
from pagewalk.events import EventKind, TimedEvent

ATTACK = "<img src=x onerror=alert(1)>"


def test_faults_pauses_and_the_crash_are_drawn_over_one_axis_of_time() -> None:
    figure = timeline_figure(timeline(EVENTS))
    line, marked, band, _, crash = figure.data
    assert (line.x[0], line.x[-1]) == pytest.approx((0.002, 0.1))
    assert line.y[-1] == 41
    assert len(marked.x) == 11
    assert [x for x in band.x if x is not None] == pytest.approx([0.06, 0.06, 0.09, 0.09])
    assert crash.x == pytest.approx((0.11,))
    assert crash.name == "the crash"
    assert "&lt;img" in marked.hovertext[-1]
    assert "<img" not in figure.to_json()


@pytest.mark.slow
def test_a_hundred_thousand_faults_are_a_line_of_few_points_that_ends_with_the_last() -> None:
    faults = [TimedEvent(n * US, EventKind.FAULT, 7, 4096 * n, "f") for n in range(100_000)]
    line, marked = timeline_figure(timeline(faults)).data
    assert len(line.x) <= 1501
    assert line.y[-1] == 100_000
    assert len(marked.x) == 10


def test_nothing_that_happened_is_an_empty_picture() -> None:
    assert not timeline_figure(timeline(())).data


def test_the_csv_has_every_event_in_seconds() -> None:
    rows = list(csv.DictReader(io.StringIO(timeline_csv(timeline(EVENTS)))))
    assert len(rows) == len(EVENTS) - 1
    assert rows[1]["address"] == "0x0"
    pause = next(row for row in rows if row["kind"] == "stop")
    assert (float(pause["seconds"]), float(pause["lasted"])) == pytest.approx((6e-05, 3e-05))


def test_calls_are_drawn_as_shares_a_bar_a_range_and_side() -> None:
    base = parse_folded("w;malloc;size=24 3\nw;malloc;size=100 1\n")
    head = parse_folded("w;malloc;size=24 5\n")
    (size,) = arguments(head, base)
    before, after = argument_figure(size, ATTACK, "new").data
    assert (before.x, before.y) == (("16 … 31", "32 … 63", "64 … 127"), (0.75, 0.0, 0.25))
    assert after.y == (1.0, 0.0, 0.0)
    assert "<img" not in before.name
    (alone,) = argument_figure(arguments(head)[0], "", "new").data
    assert alone.name == "new"
