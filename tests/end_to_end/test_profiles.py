"""pagewalk profile and flame: the real perf around real workloads, natively."""

import json
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Command

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf"),
]
CHURN = "Churn.*size=1024"


def test_two_allocators_differ_in_their_functions_and_nothing_is_recorded_twice(
    call: Command, project: Path
) -> None:
    asked = ("pagewalk", "flame", "glibc", "mimalloc", "-s", "malloc", "-b", CHURN, "--times", "6")
    first = json.loads(call(*asked, "-o", "flame.html", "--format", "json").stdout)
    shown = {one["name"]: one["change"] for one in first["functions"] if one["shown"]}
    # Debian strips these libraries: functions go by the nearest name that they export.
    assert shown["cfree"] < 0, shown
    assert any(change > 0 for change in shown.values()), shown
    assert "cfree" in (project / "flame.html").read_text()
    kept = {path: path.stat().st_mtime_ns for path in project.rglob("*.folded")}
    assert len(kept) == 12
    again = json.loads(call(*asked, "--format", "json").stdout)
    assert again == first
    assert kept == {path: path.stat().st_mtime_ns for path in project.rglob("*.folded")}


def test_a_pattern_that_fits_several_cases_is_answered_with_their_names(call: Command) -> None:
    done = call("pagewalk", "profile", "Churn", "--revision", "glibc", "-s", "malloc", check=False)
    assert done.returncode == 2
    assert "alloc.Churn(size=16) on local" in done.stderr


def test_an_emulated_runner_says_why_it_cannot_be_recorded(call: Command) -> None:
    asked = ("profile", CHURN, "--revision", "glibc", "-s", "malloc", "-r", "qemu-riscv64")
    done = call("pagewalk", *asked, "--event", "page-faults", check=False)
    assert done.returncode == 4
    assert "cannot be recorded under emulation" in done.stderr
