"""What the gate writes: golden files, and what other programs make of it, read by parsers of our own."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.gate import Gate, Unchanged, judge_gate
from pagewalk.analysis.rules import Exemption, Rules, Scope
from pagewalk.model import Case
from pagewalk.reports import benchstat, gate_json, gate_markdown, gate_text, json_report, junit

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads(Path(json_report.__file__).with_name("comparison.schema.json").read_text())
TODAY = date(2026, 11, 21)
RULES = Rules(
    exemptions=(
        Exemption(Scope("Churn", "time", "visionfive2"), "board #7 throttles", date(2026, 12, 1)),
        Exemption(Scope("Larson"), "old", date(2026, 1, 1)),
        Exemption(Scope("Idle"), "was noisy once", date(2027, 1, 1)),
        Exemption(Scope("Gone"), "not needed", date(2027, 1, 1)),
    )
)
LINK = "https://example.org/runs/7"


@pytest.fixture(scope="module")
def gate(comparison: Comparison) -> Gate:
    same = [Unchanged(Case("alloc.Idle", (("size", "8"),)), "laptop")]
    return judge_gate(comparison, RULES, TODAY, same, reused=3)


REPORTS: dict[str, Callable[[Comparison, Gate], str]] = {
    "gate.txt": lambda _c, g: gate_text.render(g),
    "gate.md": lambda c, g: gate_markdown.render(c, g, link=LINK),
    "gate.junit.xml": junit.render,
    "gate.benchstat.txt": lambda c, _g: benchstat.render(c),
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_says_what_it_said_before(comparison: Comparison, gate: Gate, name: str) -> None:
    report, golden = REPORTS[name](comparison, gate), GOLDEN / name
    if os.environ.get("PAGEWALK_GOLDEN") == "write":
        golden.write_text(report, encoding="utf-8")
    assert report == golden.read_text(encoding="utf-8")


def check_junit(text: str) -> list[ET.Element]:
    """Hold a document to Jenkins' junit-10.xsd: elements, their order and attributes, sums that are right."""
    root = ET.fromstring(text.encode())
    allowed = {
        "testsuites": {"name", "tests", "failures", "errors", "time", "disabled"},
        "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "hostname", "timestamp"},
        "testcase": {"name", "classname", "time"},
        "failure": {"type", "message"},
        "error": {"type", "message"},
        "skipped": {"type", "message"},
        "system-out": set(),
        "properties": set(),
        "property": {"name", "value"},
    }
    children = {
        "testsuites": ["testsuite"],
        "testsuite": ["properties", "testcase", "system-out", "system-err"],
        "testcase": ["skipped", "error", "failure", "system-out", "system-err"],
        "properties": ["property"],
    }
    for element in root.iter():
        assert set(element.keys()) <= allowed[element.tag]
        order = [children.get(element.tag, []).index(child.tag) for child in element]
        assert order == sorted(order)
    for suite in root:
        tests = suite.findall("testcase")
        assert {"name", "tests", "failures", "errors"} <= set(suite.keys())
        assert all({"name", "classname"} <= set(test.keys()) for test in tests)
        counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        assert int(suite.get("tests", "")) == len(tests)
        for key, tag in counts.items():
            assert int(suite.get(key, "")) == len(list(suite.iter(tag)))
    assert int(root.get("tests", "")) == len(list(root.iter("testcase")))
    return list(root)


def test_junit_has_a_suite_a_machine_and_a_test_a_case(comparison: Comparison, gate: Gate) -> None:
    suites = check_junit(junit.render(comparison, gate))
    assert [suite.get("name", "").partition(" ")[0] for suite in suites] == [
        machine.name for machine in comparison.machines
    ]
    failed = {(f.machine, str(f.case)) for f in gate.failed}
    told = {
        (suite.get("name", "").partition(" ")[0], test.get("name"))
        for suite in suites
        for test in suite.findall("testcase")
        if test.find("failure") is not None or test.find("error") is not None
    }
    assert told == failed
    assert failed
    idle = next(test for test in suites[0].findall("testcase") if test.get("classname") == "alloc.Idle")
    skipped = idle.find("skipped")
    assert skipped is not None
    assert skipped.get("message", "").startswith("same artifact")


NAME = re.compile(r"Benchmark[^a-z\s]\S*")
Result = tuple[dict[str, str], str, list[tuple[float, str]]]


def parse_benchmarks(text: str) -> tuple[list[Result], dict[str, str]]:
    """Read Go's benchmark format by its grammar (golang.org/design/14313-benchmark-format)."""
    configuration: dict[str, str] = {}
    results: list[Result] = []
    units: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("Benchmark"):
            name, iterations, *rest = line.split()
            assert NAME.fullmatch(name)
            assert int(iterations) > 0
            assert len(rest) % 2 == 0
            assert rest
            pairs = [(float(v), u) for v, u in zip(rest[::2], rest[1::2], strict=True)]
            assert len({unit for _, unit in pairs}) == len(pairs)
            results.append((dict(configuration), name, pairs))
        elif line.startswith("Unit "):
            _, unit, *properties = line.split()
            assert all(re.fullmatch(r"(better=(lower|higher)|assume=(nothing|exact))", p) for p in properties)
            units[unit] = " ".join(properties)
        elif line:
            key, colon, value = line.partition(":")
            assert colon
            assert re.fullmatch(r"[a-z][^\sA-Z:]*", key)
            configuration[key] = value.strip()
    return results, units


def test_benchmark_text_holds_every_sample_by_its_own_grammar(comparison: Comparison) -> None:
    results, units = parse_benchmarks(benchstat.render(comparison))
    assert list(dict.fromkeys(config["revision"] for config, _, _ in results)) == [
        comparison.base.name,
        comparison.head.name,
    ]
    for revision, side in ((comparison.base.name, "base"), (comparison.head.name, "head")):
        for row in comparison.metrics:
            found = [
                value
                for config, name, pairs in results
                if (config["revision"], config["machine"]) == (revision, row.machine)
                and config["pkg"] == f"go/{row.case.benchmark.partition('.')[0]}"
                and name == benchstat.name_of(row.case)
                for value, unit in pairs
                if unit == benchstat.unit_of(row.metric)
            ]
            assert found == list(getattr(row, side).samples)
    assert {unit for _, _, pairs in results for _, unit in pairs} <= set(units)


@pytest.mark.parametrize(
    ("case", "name"),
    [
        (Case("alloc.Churn", (("size", "64"),)), "BenchmarkChurn/size=64"),
        (Case("gomap.Map", (("key", "'int64'"),)), "BenchmarkMap/key=int64"),
        (Case("a.lower", (("x", "a-8"),)), "BenchmarkLower/x=a-8-1"),
        (Case("a.B", (("x", "two words\n/x"),)), "BenchmarkB/x=two_words_x"),
    ],
)
def test_names_are_what_the_format_allows(case: Case, name: str) -> None:
    assert benchstat.name_of(case) == name


def test_json_with_the_answer_is_valid_by_the_published_schema(comparison: Comparison, gate: Gate) -> None:
    report = json.loads(gate_json.render(comparison, gate), parse_constant=pytest.fail)
    jsonschema.validate(report, SCHEMA)
    assert report["gate"]["exit_status"] == 3
    assert report["gate"]["answer"] == "broken"
    assert len(report["gate"]["failed"]) == len(gate.failed)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**report, "gate": {**report["gate"], "exit_status": 2}}, SCHEMA)


def test_markdown_begins_with_the_answer_and_never_exceeds_a_comment(
    comparison: Comparison, gate: Gate
) -> None:
    text = gate_markdown.render(comparison, gate, link=LINK)
    assert text.startswith("## ✗ pagewalk failed: broken (exit status 3)")
    assert f"](<{LINK}>)" in text
    assert "same artifact" in text
    assert len(gate_markdown.render(comparison, gate, limit=9000)) <= 9000


HOSTILE = ("a]]>b", "\x00\x1b[31m\x08", "one\ntwo", "</testcase><x>", "\ud800", "￾", "| @me `x`", "a b-8")


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_names_stay_text(comparison: Comparison, word: str) -> None:
    _hold(comparison, word)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec=None), min_size=1, max_size=20))
def test_any_name_stays_text(comparison: Comparison, word: str) -> None:
    _hold(comparison, word)


def _hold(comparison: Comparison, word: str) -> None:
    case = Case(f"alloc.{word}", (("size", word),))
    changed = replace(
        comparison,
        outcomes=tuple(row._replace(case=case, evidence=word) for row in comparison.outcomes),
        metrics=tuple(row._replace(case=case, grounds=word) for row in comparison.metrics),
        head=replace(comparison.head, name=word),
    )
    rules = Rules(exemptions=(Exemption(Scope("", "time"), word, TODAY),))
    gate = judge_gate(changed, rules, TODAY, [Unchanged(case, "laptop")])
    assert check_junit(junit.render(changed, gate))
    assert parse_benchmarks(benchstat.render(changed))
    json.loads(gate_json.render(changed, gate))
    text = gate_markdown.render(changed, gate)
    assert "<x>" not in text
    # A zero-width space keeps a name from being a mention.
    shown = text.replace("\N{ZERO WIDTH SPACE}", "") + gate_text.render(gate)
    assert all(c.isprintable() or c == "\n" for c in shown)
