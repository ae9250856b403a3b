"""perf's CSV in the shapes its versions, locales and processors give it.

The texts are recorded from perf 6.1 on a virtual machine, or written in perf's shape (manual page
perf-stat(1), "CSV FORMAT") where they need a PMU, another version or another locale.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.counters.perf.stat_csv import NOT_COUNTED, NOT_SUPPORTED, parse_csv

EVENTS = ("page-faults", "task-clock", "instructions", "dTLB-load-misses", "r0005", "r0e08")

# text, event, the event as perf says it, value or refusal, share
SHAPES: list[tuple[str, str, str, float | str, float]] = [
    # perf 6.1, recorded
    ("36,,page-faults,806354,100.00,44.645,K/sec", "page-faults", "page-faults", 36.0, 1.0),
    ("0.81,msec,task-clock,806354,100.00,375.923,CPUs utilized", "task-clock", "task-clock", 0.81e-3, 1.0),
    ("<not supported>,,instructions,0,100.00,,", "instructions", "instructions", NOT_SUPPORTED, 1.0),
    ("<not counted>,,page-faults,0,100.00,0.000,/sec", "page-faults", "page-faults", NOT_COUNTED, 1.0),
    ("33,,page-faults:u,1148140,100.00,,", "page-faults", "page-faults:u", 33.0, 1.0),
    # perf's shape: multiplexed
    ("91,,dTLB-load-misses,40,24.98,1.20,of all", "dTLB-load-misses", "dTLB-load-misses", 91.0, 0.2498),
    ("<not counted>,,dTLB-load-misses,0,0.00,,", "dTLB-load-misses", "dTLB-load-misses", NOT_COUNTED, 0.0),
    # perf's shape: hybrid processors and explicit PMUs
    ("77,,cpu_core/instructions/,1000,50.00,,", "instructions", "cpu_core/instructions/", 77.0, 0.5),
    ("5,,armv8_cortex_a55/r0005/u,10,50.00", "r0005", "armv8_cortex_a55/r0005/u", 5.0, 0.5),
    # perf's shape: other ways to write a raw event's number
    ("5,,raw 0x5:u,10,50.00", "r0005", "raw 0x5:u", 5.0, 0.5),
    ("5,,re08,10,50.00", "r0e08", "re08", 5.0, 0.5),
    ("7,,atom/dTLB-load-misses/u,10,50.00", "dTLB-load-misses", "atom/dTLB-load-misses/u", 7.0, 0.5),
    # perf's shape: a locale with a decimal comma
    ("0,81,msec,task-clock,806354,75,50,375,923,CPUs", "task-clock", "task-clock", 0.81e-3, 0.755),
    ("36,,page-faults,806354,100,00,44,645,K/sec", "page-faults", "page-faults", 36.0, 1.0),
    # perf's shape: before 3.16, no unit and no percentage; nanoseconds in later ones
    ("36,page-faults", "page-faults", "page-faults", 36.0, 1.0),
    ("0.81,task-clock", "task-clock", "task-clock", 0.81e-3, 1.0),
    ("810000,ns,task-clock,810000,100.00,,", "task-clock", "task-clock", 0.81e-3, 1.0),
]


@pytest.mark.parametrize(("text", "event", "said", "value", "share"), SHAPES)
def test_a_line_is_read_in_every_shape(
    text: str, event: str, said: str, value: float | str, share: float
) -> None:
    (found,) = parse_csv(f"# started on Sat Nov 21 05:00:00 2026\n\n{text}\n", EVENTS)
    assert (found.event, found.said) == (event, said)
    assert (found.refused or found.value) == (value if isinstance(value, str) else pytest.approx(value))
    assert found.share == pytest.approx(share)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nan,,page-faults,1,100.00",
        "-5,,page-faults,1,100.00",
        "page-faults",
        ",,page-faults",
        "1e9,,page-faults",
    ],
)
def test_what_is_no_number_is_no_value(text: str) -> None:
    assert parse_csv(text, EVENTS) == []


@given(
    st.lists(st.sampled_from(["", "1", "<not counted>", "page-faults", "nan", "9" * 400, "/", "msec", "%"]))
)
def test_no_line_makes_it_raise(fields: list[str]) -> None:
    for line in parse_csv(",".join(fields), EVENTS):
        assert 0 <= line.share <= 1


def test_other_events_are_passed_over() -> None:
    assert parse_csv("5,,cache-misses,1,100.00,,", EVENTS) == []
