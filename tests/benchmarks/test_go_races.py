"""The threaded Go workloads under Go's race detector: none races but the one that is there to."""

import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import GO_RELEASE, MODULE, run

from pagewalk.errors import Unavailable
from pagewalk.toolchains.go import fetch_goroot, go_environment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("races"),  # one worker builds Go's own packages with the detector, once
    pytest.mark.skipif(
        platform.machine() != "x86_64", reason="the detector is linked from a wheel for x86_64"
    ),
]
THREADED = ("gomap", "gocollect", "gospawn", "gochannel", "golocked")
Detected = Callable[[str], Path]


@pytest.fixture(scope="module")
def raced(tmp_path_factory: pytest.TempPathFactory) -> Detected:
    """Return a threaded workload that was built with the race detector in it."""
    if shutil.which("gcc") is None:
        pytest.skip("no C compiler: apt-get install gcc")
    try:
        goroot = fetch_goroot(GO_RELEASE)
    except Unavailable as error:
        pytest.skip(f"no toolchain: {error}")
    folder = tmp_path_factory.mktemp("raced")
    command: list[str | Path] = [
        goroot / "bin/go",
        "build",
        "-race",
        "-o",
        f"{folder}/",
        *(f"./{name}" for name in THREADED),
    ]
    subprocess.run(command, cwd=MODULE, env=go_environment(goroot, {"CGO_ENABLED": "1"}), check=True)
    return lambda name: folder / name


@pytest.mark.parametrize(
    "line",
    [
        *(
            ("gomap", f"--kind={kind}", f"--operation={operation}", "--goroutines=3")
            for kind in ("sync", "locked")
            for operation in ("assign-grow", "delete-insert", "lookup-hit", "iterate")
        ),
        ("gomap", "--kind=racing", "--operation=lookup-hit"),
        ("gocollect", "--goroutines=3", "--live-mib=3"),
        ("gospawn", "--stack-bytes=4096"),
        ("gochannel", "--capacity=0"),
        ("gochannel", "--capacity=128"),
        ("golocked", "--threads=8"),
    ],
    ids=" ".join,
)
def test_no_threaded_workload_races(raced: Detected, line: tuple[str, ...]) -> None:
    said = run(raced(line[0]), "--loops=3", *line[1:])
    assert (said.status, said.stderr) == (0, "")


def test_writers_without_a_lock_do_race_or_the_tests_above_say_nothing(raced: Detected) -> None:
    said = run(raced("gomap"), "--loops=3", "--kind=racing", "--operation=assign-hit")
    assert "WARNING: DATA RACE" in said.stderr
    assert said.status != 0
