"""Curves, their capacities, and tracebacks, without a browser."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plotly_figures import tried

from dashboard.data.capacities import capacities, step_of
from dashboard.data.curve import FIELDS, Arc, Curve, Point, Side, curve, numeric_parameters
from dashboard.data.query import Query
from dashboard.data.traceback import traceback_of
from dashboard.figures.curve import curve_figure, parameter_text
from pagewalk.errors import PagewalkError
from pagewalk.index.answering.model import IndexedRevision, Series, SeriesKey
from pagewalk.index.states import ABSENT, OK
from pagewalk.model import Origin, Outcome, Precision, Provenance


def simulated(source: str) -> Provenance:
    return Provenance(Origin.SIMULATED, Precision.EXACT, source)


def test_capacities_are_what_the_counter_was_counted_with() -> None:
    tlb = list(capacities(simulated("memsim reference: L1 dTLB 64/4, STLB 1536/12")))
    assert [(c.name, c.size) for c in tlb] == [("L1 dTLB", 64 * 4096), ("STLB", 1536 * 4096)]
    cache = list(capacities(simulated("memsim cortex-a72: L1D 32 KiB/2, L2 1 MiB/16; DC ZVA not seen")))
    assert [(c.name, c.size) for c in cache] == [("L1D", 32768), ("L2", 1 << 20)]
    assert list(capacities(simulated("memsim instructions"))) == []
    assert list(capacities(None)) == []


@pytest.mark.parametrize(
    ("name", "step"),
    [("pages", 4096), ("lines", 64), ("size", 1), ("span_mib", 1 << 20), ("threads", None), ("param1", None)],
)
def test_a_parameter_is_an_amount_of_memory_or_none(name: str, step: int | None) -> None:
    assert step_of(name) == step


def walked(machines: tuple[str, ...]) -> Curve:
    """A curve that bends where a TLB of 64 entries ends; its last case crashed."""
    head = IndexedRevision("a" * 40, 1, "v2", 86_400)
    points = [Point(float(x), x / 10, x / 11, x / 9, OK) for x in (16, 64, 256)]
    side = Side("head", head, (*points, Point(1024.0, math.nan, math.nan, math.nan, Outcome.CRASHED.value)))
    tlb = next(capacities(simulated("memsim reference: L1 dTLB 64/4")))
    return Curve(
        subject="slab",
        workloads={"tlb.Walk": ("time",)},
        workload="tlb.Walk",
        metric="time",
        unit="seconds",
        parameter="pages",
        parameters=("pages",),
        revisions=(head,),
        base=None,
        head=head,
        machines=machines,
        others=("",),
        arcs=tuple(Arc(machine, "", (side,)) for machine in machines),
        marks={machines[-1]: ((64.0, tlb),)},
    )


def test_each_machine_has_a_panel_and_the_lowest_one_names_the_parameter() -> None:
    figure = tried(curve_figure(walked(("laptop", "board"))))
    line, crashed, *below = figure.data
    assert list(line.x) == [16, 64, 256]
    assert list(line.error_y.array) == pytest.approx([x / 90 for x in line.x])
    assert (list(crashed.x), list(crashed.text)) == ([1024], ["✗ crashed"])
    assert {trace.yaxis for trace in below} == {"y2"}
    assert [trace.showlegend for trace in figure.data] == [True, False, False, False]
    assert (figure.layout.xaxis.title.text, figure.layout.xaxis2.title.text) == (None, "pages")
    assert figure.layout.xaxis.domain == (0, 1)
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]


def test_a_capacity_stands_in_the_panel_of_its_machine_with_its_name_beside_it() -> None:
    layout = tried(curve_figure(walked(("laptop", "board")))).layout
    (mark,) = layout.shapes
    assert (mark.x0, mark.xref, mark.yref) == (64, "x2", "y2 domain")
    name = layout.annotations[-1]
    assert (name.text.startswith("L1 dTLB"), name.xref, name.yref) == (True, "x2", "y2 domain")
    assert (layout.xaxis2.type, name.x) == ("log", pytest.approx(math.log10(64)))


class Shelf:
    """A catalogue of one benchmark, `states` by machine and case, a letter a commit: `o` is ok."""

    def __init__(self, states: dict[str, tuple[str, str]]) -> None:
        self.found = [
            one_case(machine, case, letters)
            for machine, cases in states.items()
            for case, letters in enumerate(cases)
        ]

    def subjects(self) -> list[str]:
        return ["slab"]

    def benchmarks(self, _subject: str) -> tuple[str, ...]:
        return ("tlb.Walk.track_time",)

    def series(self, _subject: str, _benchmark: str) -> tuple[Series, ...]:
        revisions = {one.key.machine: one.revisions for one in self.found}
        return tuple(replace(one, revisions=revisions[one.key.machine]) for one in self.found)


def one_case(machine: str, case: int, letters: str) -> Series:
    values = np.array([1.0 if letter == "o" else math.nan for letter in letters])
    return Series(
        SeriesKey("slab", machine, "pagewalk", "tlb.Walk.track_time", (("pages", str(case)),)),
        "seconds",
        tuple(IndexedRevision(f"{n}" * 40, n, f"v{n}", n) for n in range(len(letters))),
        values,
        values,
        values,
        tuple(OK if letter == "o" else ABSENT for letter in letters),
    )


def test_a_commit_is_offered_where_any_case_on_any_machine_has_a_value() -> None:
    shelf = Shelf({"laptop": ("o...o.", "o.o..."), "board": ("......", "...o..")})
    found = curve(shelf, Query.parse("", FIELDS))  # type: ignore[arg-type]
    assert [revision.name for revision in found.revisions] == ["v0", "v2", "v3", "v4"]
    assert (found.base, found.head) == found.revisions[-2:]
    with pytest.raises(PagewalkError, match="Nothing has a value"):
        curve(Shelf({"laptop": ("..", "..")}), Query.parse("", FIELDS))  # type: ignore[arg-type]


def test_only_parameters_with_several_numbers_make_an_axis() -> None:
    keys = [
        SeriesKey("s", "m", "e", "b", (("pages", pages), ("kind", "'hit'"), ("huge", "0"), ("n", "nan")))
        for pages in ("64", "128")
    ]
    assert numeric_parameters(keys) == ["pages"]


def test_frames_of_gdb_of_the_sanitizers_of_glibc_and_of_go_are_found() -> None:
    said = [
        "fatal error: unexpected signal",
        "#0 0x401136 in slab_free (p=0x10) at slab.c:88",
        "    #1 0x7f in main /src/main.c:12:3",
        "./a(slab_free+0x1d)[0x401136]",
        "goroutine 1 [running]:",
        "main.free(0x10)",
        "\t/src/x.go:88 +0x1d",
        "bye",
    ]
    assert traceback_of(said) == said[1:-1]
    assert traceback_of(["nothing of the kind", "x = f(1)"]) == []


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_a_whole_parameter_is_written_without_losing_a_digit(value: int) -> None:
    number, _, prefix = parameter_text(float(value)).partition(" ")
    assert int(number) * {"": 1, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}[prefix] == value


def test_parameters_are_written_as_people_type_them() -> None:
    assert [parameter_text(x) for x in (64.0, 4096.0, 65536.0, 1e6, 0.5)] == [
        "64",
        "4096",
        "64 Ki",
        "1000000",
        "0.5",
    ]
