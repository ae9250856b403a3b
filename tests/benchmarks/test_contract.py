"""Every workload keeps to benchmarks/CONTRACT.md: its options, its output, its exit status."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from driving_workloads import run

from runners.execution.capture import Capture
from runners.execution.workload_output import read_report

COMMON = ("loops", "min-time", "seed", "describe")
NOT_A_NUMBER = ("", "x", "1x", "-1", "+1", " 1", "1e3", "0x10", "18446744073709551616")
NOT_A_TIME = ("", "x", "0", "-1", "nan", "inf", "3601", "1s")


def options(workload: Path) -> dict[str, dict[str, Any]]:
    said = run(workload, "--describe=1")
    assert said.status == 0
    (line,) = said.lines
    found: dict[str, dict[str, Any]] = line["options"]
    return found


def refused(workload: Path, argument: str) -> bool:
    """Whether it ends with 64, one line on stderr that names the argument, and nothing on stdout."""
    said = run(workload, "--loops=1", argument)
    lines = said.stderr.splitlines()
    return said.status == 64 and not said.lines and len(lines) == 1 and lines[0].startswith(argument)


def test_describing_names_the_program_and_gives_each_option_a_default_within_its_range(
    workload: Path,
) -> None:
    (line,) = run(workload, "--describe=1").lines
    assert line["workload"] == workload.name
    assert line["options"]
    for name, option in line["options"].items():
        assert name not in COMMON
        if "words" in option:
            assert option["default"] in option["words"]
        elif "text" not in option:
            assert option["least"] <= option["default"] <= option["most"]


def test_what_else_is_given_changes_no_default_that_is_described(workload: Path) -> None:
    found = options(workload)
    other = [
        f"--{name}={option['words'][-1] if 'words' in option else option['least']}"
        for name, option in found.items()
        if "text" not in option
    ]
    for line in (["--describe=1", *other], [*other, "--describe=1"]):
        (said,) = run(workload, *line).lines
        assert said["options"] == found


@pytest.mark.parametrize(
    "argument", ["--nonsense=1", "--loops", "loops=1", "-l", "--", "", "--=1", "--loopsx=1", "--loop=1"]
)
def test_an_argument_it_does_not_know_ends_it_with_status_64(engine: Path, argument: str) -> None:
    assert refused(engine, argument)


def test_a_value_out_of_range_ends_it_with_status_64(workload: Path) -> None:
    for name, option in options(workload).items():
        if "text" in option:
            continue  # what makes sense in it is the workload's own, and tested with it
        if "words" in option:
            wrong = ["", "nonsense", option["words"][0] + "x"]
        else:
            wrong = [*NOT_A_NUMBER, str(option["most"] + 1)]
            wrong += [str(option["least"] - 1)] if option["least"] else []
        for value in wrong:
            assert refused(workload, f"--{name}={value}"), f"--{name}={value}"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("loops", (*NOT_A_NUMBER, str((1 << 40) + 1))),
        ("seed", (*NOT_A_NUMBER, str(1 << 63))),
        ("describe", (*NOT_A_NUMBER, "2")),
        ("min-time", NOT_A_TIME),
    ],
)
def test_a_common_option_with_a_wrong_value_ends_it_with_status_64(
    engine: Path, name: str, wrong: tuple[str, ...]
) -> None:
    for value in wrong:
        assert refused(engine, f"--{name}={value}"), f"--{name}={value}"


def test_loops_repeat_operations_exactly(workload: Path) -> None:
    one, three = (run(workload, f"--loops={loops}") for loops in (1, 3))
    assert (one.status, three.status) == (0, 0)
    assert (one.the("region")["loops"], three.the("region")["loops"]) == (1, 3)
    assert three.the("region")["operations"] == 3 * one.the("region")["operations"] > 0


def test_without_loops_it_finds_some_itself_and_reports_a_region(workload: Path) -> None:
    said = run(workload, "--min-time=0.01")
    region = said.the("region")
    assert said.status == 0
    assert region["region"] == workload.name
    assert region["operations"] > 0
    assert region["loops"] > 0
    assert region["seconds"] > 0


def test_the_least_of_every_option_works(workload: Path) -> None:
    least = [f"--{name}={o['least']}" for name, o in options(workload).items() if "least" in o]
    said = run(workload, "--loops=1", *least)
    assert said.status == 0, said.stderr
    assert said.the("region")["operations"] > 0


def test_the_runners_reader_believes_every_line_of_it(workload: Path) -> None:
    done = subprocess.run([workload, "--loops=1"], capture_output=True, check=True)
    capture = Capture()
    capture.feed("stdout", done.stdout)
    report = read_report(capture)
    assert report.defect == ""
    assert [region.name for region in report.regions] == [workload.name]
    assert any(name.startswith("check.") for name in report.facts)
    assert report.facts[f"loops.{workload.name}"] == "1"
    assert done.stderr == b""
