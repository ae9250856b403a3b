"""Curves, their capacities, and tracebacks, without a browser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.data.capacities import capacities, step_of
from dashboard.data.curve import numeric_parameters
from dashboard.data.traceback import traceback_of
from dashboard.figures.curve import parameter_text
from pagewalk.index.answering.model import SeriesKey
from pagewalk.model import Origin, Precision, Provenance


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
