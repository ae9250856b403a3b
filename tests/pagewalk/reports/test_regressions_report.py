"""The report of a history, word by word."""

import json
import math
import os
from dataclasses import replace
from io import StringIO
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console

from pagewalk.analysis.regressions import Change, Kind, Limits, Place, SeriesName, Size, State, moved_together
from pagewalk.analysis.regressions.told import Regressions
from pagewalk.analysis.rules import ENDING
from pagewalk.model import Case, Machine, Revision
from pagewalk.reports import regressions_json, regressions_text

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads(Path(regressions_json.__file__).with_name("regressions.schema.json").read_text())
CHURN = Case("alloc.Churn", (("size", "64"),))


@pytest.fixture
def found() -> Regressions:
    revisions = [Revision("malloc", f"{i}" * 40, f"v1.{i}", 1_700_000_000 + i) for i in range(8)]
    slower, faster = Size(85e-9, 95.2e-9, 1.12, 1.1, 1.14), Size(2.0, 1.5, 0.75, 0.7, 0.8)
    appeared = Size(0, 2, math.inf, 0, math.inf)
    board = SeriesName("board\x1b[31m", CHURN, "time")
    changes = [
        Change(SeriesName("vm", CHURN, ENDING), Place(5, 6), Kind.BROKEN, 0.0, q=0.0, ending="crashed"),
        Change(SeriesName("vm", CHURN, "page_faults"), Place(1, 4), Kind.REGRESSED, 0.0, appeared, 0.0),
        Change(
            SeriesName("vm", CHURN, "time"), Place(2, 3), Kind.REGRESSED, 1e-6, slower, 4e-5,
            State.CAME_BACK, Place(4, 5), Place(5, 7),
        ),
        Change(board, Place(2, 3), Kind.IMPROVED, 1e-4, faster, 0.002),
    ]  # fmt: skip
    commits = {Place(5, 6): 1, Place(1, 4): 5, Place(2, 3): None}
    machines = [Machine("vm", "x86_64", emulated=False)]
    return Regressions("malloc", revisions, machines, changes, 40, commits, moved_together(changes), Limits())


def as_text(found: Regressions, most: int | None = None) -> str:
    console = Console(file=StringIO(), width=120, highlight=False)
    with console.capture() as capture:
        console.print(regressions_text.render(found, most=most), soft_wrap=True)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


@pytest.mark.parametrize("file", ["regressions.txt", "regressions.json"])
def test_the_report_says_what_it_said_before(found: Regressions, file: str) -> None:
    report = as_text(found) if file.endswith("txt") else regressions_json.render(found, indent=1)
    golden = GOLDEN / file
    if os.environ.get("PAGEWALK_GOLDEN") == "write":
        golden.write_text(report, encoding="utf-8")
    assert report == golden.read_text(encoding="utf-8")


def test_json_is_valid_by_its_schema(found: Regressions) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(regressions_json.render(found)), SCHEMA)


def test_only_a_range_of_more_than_one_commit_is_offered_to_bisect(found: Regressions) -> None:
    blocks = as_text(found).split("\n\n")
    assert ["pagewalk bisect" in block for block in blocks[1:]] == [False, True, True, False]


def test_a_command_to_type_is_whole_however_long(found: Regressions) -> None:
    assert as_text(found).count("--runner vm\n") == 2


def test_what_is_left_out_is_counted(found: Regressions) -> None:
    assert "2 more: --all" in as_text(found, most=2)


def test_no_control_character_of_a_board_reaches_the_terminal(found: Regressions) -> None:
    assert "\x1b" not in as_text(found)


def test_where_no_series_is_long_enough_nothing_is_said_to_be_unchanged(found: Regressions) -> None:
    report = as_text(replace(found, changes=[], series=1, short=1))
    assert "nothing can be told, of 1 series" in report
    assert "1 of the series have fewer than 3 values" in report
    assert "nothing changed" not in report


def test_what_was_passed_over_is_said_with_its_reason_the_most_frequent_first(found: Regressions) -> None:
    reasons = {
        "rare": 1,
        "measured by version 1 of the benchmark, which is 2 now": 30,
        "c": 3,
        "d": 2,
        "e": 1,
    }
    report = as_text(replace(found, missing=reasons))
    assert report.index("30 values passed over: measured by version 1") < report.index("3 values passed")
    assert "2 values passed over for 2 other reasons: --format json." in report
    assert json.loads(regressions_json.render(replace(found, missing=reasons)))["missing"] == reasons
