"""Reports against golden files. To accept what they say now: PAGEWALK_GOLDEN=write pytest …"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from rich.cells import cell_len

from pagewalk.analysis.comparison import Comparison
from pagewalk.reports import json_report, markdown, terminal

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads(Path(json_report.__file__).with_name("comparison.schema.json").read_text())


def rounded(report: str) -> str:
    """Nine digits: the last ones of a logarithm differ between processors."""
    values = json.loads(report, parse_float=lambda digits: float(f"{float(digits):.9g}"))
    return json.dumps(values, indent=1) + "\n"


REPORTS: dict[str, Callable[[Comparison], str]] = {
    "terminal-80.txt": lambda c: terminal.render(c, width=80),
    "terminal-120.txt": lambda c: terminal.render(c, width=120),
    "terminal-200.txt": lambda c: terminal.render(c, width=200),
    "terminal-120-all.txt": lambda c: terminal.render(c, width=120, all_rows=True),
    "terminal-120-colour.txt": lambda c: terminal.render(c, width=120, colour=True),
    "report.md": markdown.render,
    "report.json": lambda c: rounded(json_report.render(c)),
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_says_what_it_said_before(comparison: Comparison, name: str) -> None:
    report, golden = REPORTS[name](comparison), GOLDEN / name
    if os.environ.get("PAGEWALK_GOLDEN") == "write":
        golden.write_text(report, encoding="utf-8")
    assert report == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal(comparison: Comparison, width: int) -> None:
    lines = terminal.render(comparison, width=width, all_rows=True).splitlines()
    assert max(cell_len(line) for line in lines) <= width


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_every_verdict_and_reason_is_there_at_every_width(comparison: Comparison, width: int) -> None:
    text = re.sub(r"\s+", " ", terminal.render(comparison, width=width))
    for told in ("1 broken", "2 fixed", "SIGBUS at 0x2101c", "▲ +12.8 %", "▼ −41.1 %", "?24", "negligible"):
        assert told in text or told.replace("▲ ", "").replace("▼ ", "") in text
    assert text.count("no hardware PMU here: perf_event_open answers ENOENT") == 1
    assert text.count("an emulator's clock measures the emulator") == 1


def test_the_first_two_lines_say_what_was_compared_and_how_it_went(comparison: Comparison) -> None:
    what, how = terminal.render(comparison, width=200).splitlines()[:2]
    assert what == "go: go1.25.5+noswissmap (111111111111) → go1.25.5 (222222222222)"
    assert how.startswith("1 broken · 2 fixed · ")
    assert how.endswith(", over 4 machines")


def test_colour_adds_nothing_but_colour(comparison: Comparison) -> None:
    coloured = terminal.render(comparison, width=120, colour=True)
    assert "\x1b[" in coloured
    # Padding inside escapes survives where plain text is stripped.
    plain = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", coloured).splitlines())
    assert plain == terminal.render(comparison, width=120).rstrip("\n")


def test_rows_that_are_left_out_are_counted_and_can_be_asked_for(comparison: Comparison) -> None:
    assert "5 more rows ~ same wherever compared" in terminal.render(comparison, width=120)
    everything = terminal.render(comparison, width=120, all_rows=True)
    assert "more rows" not in everything
    assert "alloc.Larson(threads=4)" in everything


def test_json_is_valid_by_its_schema_and_holds_every_row(comparison: Comparison) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    report = json.loads(json_report.render(comparison), parse_constant=pytest.fail)
    jsonschema.validate(report, SCHEMA)
    assert len(report["metrics"]) == len(comparison.metrics)
    assert len(report["outcomes"]) == len(comparison.outcomes)


def test_json_says_infinite_in_words_and_unknown_with_a_reason(comparison: Comparison) -> None:
    rows = json.loads(json_report.render(comparison))["metrics"]
    grown = next(r for r in rows if r["machine"] == "qemu-armv7" and r["metric"] == "dtlb_misses")
    assert grown["effect"]["ratio"] == "inf"
    assert grown["effect"]["noise_floor"] is None
    assert grown["effect"]["noise_floor_missing"] == "never measured"


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_to_compare_is_said_and_not_taken_for_good_news(empty: Comparison, name: str) -> None:
    report = REPORTS[name](empty)
    assert "unsure" in report if name.endswith("json") else "nothing to compare" in report.lower()


def test_the_schema_refuses_what_is_not_a_comparison(comparison: Comparison) -> None:
    for field, wrong in (("schema", 2), ("worst", "fine"), ("metrics", [{}]), ("machines", None)):
        report = {**json_report.as_json(comparison), field: wrong}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(report, SCHEMA)
