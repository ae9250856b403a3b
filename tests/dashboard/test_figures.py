"""Figures are functions of data: nothing is lost, nothing is drawn that is not there."""

import math

import plotly.graph_objects as go
import pytest
from synthetic_results import ASSIGN, ATTACK, BOARD, LAPTOP

from dashboard.data.address import View
from dashboard.data.library import Library
from dashboard.data.rows import all_rows, find_row, shown_rows
from dashboard.data.selection import select
from dashboard.figures.forest import forest, plottable
from dashboard.figures.samples import samples_figure
from dashboard.figures.theme import safe
from dashboard.looks.verdicts import LOOKS
from pagewalk.analysis.comparison import Comparison, MetricRow
from pagewalk.model import Case, Values


def comparison_of(library: Library, subject: str) -> Comparison:
    base, head = ("v2.1.2", "v2.1.4") if subject == "malloc" else ("", "")
    return select(library, View(subject=subject, base=base, head=head)).comparison


def drawn(library: Library, subject: str, **view: tuple[str, ...]) -> go.Figure:
    comparison = comparison_of(library, subject)
    return forest(plottable(shown_rows(all_rows(comparison), View(**view))), comparison.machines)  # type: ignore[arg-type]


def points(figure: go.Figure) -> dict[tuple[str, str], float]:
    return {
        (identity, trace.xaxis): x
        for trace in figure.data
        if trace.mode == "markers"
        for identity, x in zip(trace.customdata, trace.x, strict=True)
    }


def test_every_change_is_one_point_and_nothing_else_is(library: Library) -> None:
    comparison = comparison_of(library, "go")
    known = sum(row.effect is not None for row in comparison.metrics)
    assert len(points(drawn(library, "go"))) == known


def test_a_point_stands_at_its_ratio_within_its_interval(library: Library) -> None:
    figure = drawn(library, "go", metrics=("time",), machines=(LAPTOP,))
    assert points(figure)[f"{ASSIGN}|time", "x"] == pytest.approx(1.7, rel=0.02)
    for trace in figure.data:
        if trace.mode == "markers":
            assert min(*trace.error_x.array, *trace.error_x.arrayminus) >= 0


def test_a_machine_has_a_column_of_its_own_and_one_without_changes_has_none(library: Library) -> None:
    everything = drawn(library, "go")
    assert [a.text for a in everything.layout.annotations] == [LAPTOP, BOARD, "qemu-arm64"]
    times = drawn(library, "go", metrics=("time",), machines=(LAPTOP, BOARD))
    assert [a.text for a in times.layout.annotations] == [LAPTOP, BOARD]


def test_verdicts_differ_in_shape_as_well_as_in_colour() -> None:
    assert len({look.symbol for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.mark for look in LOOKS.values()}) == len(LOOKS)


def test_each_verdict_is_in_the_legend_once(library: Library) -> None:
    shown = [trace.name for trace in drawn(library, "go").data if trace.showlegend]
    assert len(shown) == len(set(shown))


def test_a_counter_that_was_nothing_before_stands_at_the_edge_and_says_so(library: Library) -> None:
    figure = drawn(library, "go")
    at = points(figure)[f"{ASSIGN}|dtlb_misses", "x3"]
    edge = 10 ** figure.layout.xaxis.range[1]
    assert math.isfinite(at)
    assert at == pytest.approx(edge, rel=0.1)
    hovers = [text for trace in figure.data if trace.hovertext for text in trace.hovertext]
    assert any("off the scale" in text for text in hovers)


def test_names_are_escaped_wherever_plotly_reads_tags(library: Library) -> None:
    figure = drawn(library, "malloc")
    texts = [*figure.layout.yaxis.ticktext, *(t for trace in figure.data for t in trace.hovertext or ())]
    assert any(safe(ATTACK)[:20] in text for text in texts)
    assert not any("<img" in text for text in texts)


def test_samples_are_drawn_one_by_one_with_their_median(library: Library) -> None:
    row = find_row(all_rows(comparison_of(library, "go")), f"{ASSIGN}|time")
    assert row is not None
    cell = row.cells[LAPTOP]
    assert isinstance(cell, MetricRow)
    base, _, head, _ = samples_figure(cell, "old", "new").data
    assert (base.x, head.x) == (cell.base.samples, cell.head.samples)
    assert len(set(base.y)) == 10


def test_one_sided_samples_are_drawn_alone() -> None:
    cell = MetricRow(
        Case("c"),
        "m",
        "peak_rss",
        Values("peak_rss", missing="no"),
        Values("peak_rss", (4096.0,)),
        None,
        None,
        "",
    )
    figure = samples_figure(cell, "<b>old</b>", "new")
    assert [trace.name for trace in figure.data] == ["head", "median of head"]
    assert figure.layout.xaxis.ticktext == ("4.00 KiB",)
    assert "<b>old" not in figure.layout.yaxis.ticktext[0]
