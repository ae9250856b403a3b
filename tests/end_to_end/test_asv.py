"""asv's own commands on this repository, and that asv and pagewalk measure the same."""

import json
import shutil
from pathlib import Path

import pytest
from asv.results import Results

from tests.end_to_end.conftest import Command

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("end-to-end")]

PARAMS = [["16", "128", "1024"]]


def stored(project: Path, machine: str) -> Results:
    (path,) = (project / "results" / "malloc" / machine).glob("*-pagewalk.json")
    return Results.load(str(path), machine_name=machine)


def samples(project: Path, machine: str, metric: str) -> list[float]:
    found: list[list[float]] = stored(project, machine).get_result_samples(
        f"alloc.Churn.track_{metric}", PARAMS
    )
    return found[0]


def the_machine(project: Path) -> str:
    return next(path.parent.name for path in (project / "results" / "malloc").glob("*/machine.json"))


@pytest.fixture(autouse=True)
def _known_to_asv(call: Command) -> None:
    call("asv", "machine", "--yes")


def by_asv(call: Command, project: Path) -> tuple[list[float], object]:
    """Times of one case as asv measures them, and what it says of a counter that may not be there."""
    bench = r"Churn.track_(time|task_clock|dtlb_misses)\(16\)"
    call("asv", "run", "--bench", bench, "--record-samples", "glibc^!")
    return taken(project)


def by_pagewalk(call: Command, project: Path) -> tuple[list[float], object]:
    """The same by pagewalk."""
    asked = ("--subject", "malloc", "glibc", "-r", "local", "-b", "Churn.*size=16", "--rounds", "10")
    call("pagewalk", "run", *asked)
    return taken(project)


def taken(project: Path) -> tuple[list[float], object]:
    machine = the_machine(project)
    times = samples(project, machine, "time")
    (counter, *_) = stored(project, machine).get_result_value("alloc.Churn.track_dtlb_misses", PARAMS)
    shutil.rmtree(project / "results")
    return times, counter


def test_asv_and_pagewalk_agree_on_native_time_within_their_intervals(project: Path, call: Command) -> None:
    for _ in range(3):  # a machine that somebody else loads between the two agrees with nobody
        (theirs, missing), (ours, again) = by_asv(call, project), by_pagewalk(call, project)
        assert len(theirs) == len(ours) == 10
        # Whatever this host has: NaN for both where there is no hardware counter, never 0.
        assert (str(missing) == "nan") == (str(again) == "nan")
        if min(theirs) <= max(ours) and min(ours) <= max(theirs):
            return
    pytest.fail(f"asv measured {sorted(theirs)}, pagewalk {sorted(ours)}")


def test_asv_and_pagewalk_count_the_same_to_the_last_instruction(project: Path, call: Command) -> None:
    metric = "instructions"
    machine = "qemu-riscv64"
    arguments = ("--machine", machine, "--bench", rf"Churn.track_({metric}|time)\(16\)", "--record-samples")
    call("asv", "run", *arguments, "glibc^!")
    theirs = samples(project, machine, metric)
    time = stored(project, machine).get_result_value("alloc.Churn.track_time", PARAMS)
    assert all(value is not None and value != value for value in time)  # noqa: PLR0124 - NaN: no emulated time
    assert the_machine(project) == machine
    shutil.rmtree(project / "results")
    call("pagewalk", "run", "--subject", "malloc", "glibc", "-r", machine, "-b", "Churn.*size=16")
    assert samples(project, machine, metric) == theirs


def test_compare_continuous_and_publish_work_as_they_stand(project: Path, call: Command) -> None:
    bench = r"Churn.track_task_clock\(16\)"
    found = call("asv", "continuous", "--factor", "50", "--bench", bench, "glibc", "mimalloc", check=False)
    assert "BENCHMARKS NOT SIGNIFICANTLY CHANGED" in found.stdout, found.stdout + found.stderr
    table = call("asv", "compare", "glibc", "mimalloc").stdout
    assert "alloc.Churn.track_task_clock(16)" in table
    call("asv", "publish")
    index = json.loads((project / ".pagewalk" / "html" / "index.json").read_text())
    assert "alloc.Churn.track_task_clock" in index["benchmarks"]


def test_emulated_results_are_never_filed_under_a_real_machine(call: Command) -> None:
    found = call("asv", "run", "--bench", "Churn", "glibc^!", check=False, PAGEWALK_RUNNER="qemu-arm64")
    assert found.returncode != 0
    assert "--machine qemu-arm64" in found.stdout + found.stderr
