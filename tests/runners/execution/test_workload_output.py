"""A workload's stdout is believed line by line or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.protocols import Region
from runners.execution.capture import Capture
from runners.execution.workload_output import Report, read_report


def report(text: str | bytes) -> Report:
    capture = Capture()
    capture.feed("stdout", text.encode() if isinstance(text, str) else text)
    capture.close()
    return read_report(capture)


def test_regions_facts_and_checks_are_read_in_order() -> None:
    found = report(
        '{"facts": {"allocator": "/lib/x.so", "version": 3}}\n\n'
        '{"region": "a", "operations": 10, "loops": 2, "seconds": 0.25}\n'
        '{"region": "b", "operations": 1, "seconds": 1}\n'
        '{"check": {"freed": 10}}\n'
    )
    assert found.regions == (Region("a", 10, 0.25), Region("b", 1, 1.0))
    assert found.facts == {"allocator": "/lib/x.so", "version": "3", "loops.a": "2", "check.freed": "10"}
    assert found.defect == ""


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    found = report(data)
    assert found.defect or not data.strip() or found.facts or found.regions or b"crash" in data


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5)
)
def test_a_region_is_only_made_of_sound_numbers(value: object) -> None:
    for key in ("operations", "seconds", "region"):
        record = {"region": "r", "operations": 1, "seconds": 1.0, key: value}
        for region in report(json.dumps(record) + "\n").regions:
            assert region.operations > 0
            assert 0 < region.seconds < float("inf")
            assert region.name


@pytest.mark.parametrize(
    "line",
    [
        '{"region": "r", "operations": true, "seconds": 1}',
        '{"region": "r", "operations": 1.5, "seconds": 1}',
        '{"region": "r", "operations": 1, "seconds": -1}',
        '{"region": "r", "operations": 1, "seconds": 1e999}',
        '{"region": "r", "operations": 1, "seconds": Infinity}',
        '{"region": "", "operations": 1, "seconds": 1}',
        '{"region": "r", "operations": 99999999999999999999999, "seconds": 1}',
        '{"facts": 3}',
        '{"other": 3}',
        "[" * 100_000,
        "9" * 5000,
        '{"region": "r"',
    ],
)
def test_what_breaks_the_contract_is_a_defect(line: str) -> None:
    found = report(line + "\n")
    assert found.regions == ()
    assert found.defect.startswith("line 1 of stdout ")
    assert len(found.defect) < 250


def test_regions_and_facts_are_bounded() -> None:
    region = '{"region": "r", "operations": 1, "seconds": 1}\n'
    assert "after 1000 regions" in report(region * 1001).defect
    facts = json.dumps({"facts": {str(number): number for number in range(201)}})
    assert "after 200 facts" in report(facts).defect
    assert len(report(json.dumps({"facts": {"k": "v" * 9999}})).facts["k"]) == 1000
