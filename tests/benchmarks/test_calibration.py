"""Calibration: a region that lasts as long as was asked, under a clock that only work moves."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import GO_RELEASE, MODULE, run

from pagewalk.toolchains.go import fetch_goroot, go_environment

MALLOC = 1e-6  # seconds on the preloaded clock
LOOP = 4096 * MALLOC


@pytest.mark.parametrize("seconds", [0.001, 0.004, 0.05, 0.3])
def test_the_region_takes_the_time_that_was_asked_for_and_little_more(
    native: Callable[[str], Path], preload: Path, seconds: float
) -> None:
    said = run(
        native("churn"),
        f"--min-time={seconds}",
        environment={"LD_PRELOAD": str(preload), "FAKE_CLOCK": "1"},
    )
    region = said.the("region")
    assert region["operations"] == 4096 * region["loops"]
    assert region["seconds"] == pytest.approx(region["loops"] * LOOP)
    assert seconds <= region["seconds"] <= seconds * 1.05 + LOOP


@pytest.mark.parametrize("at", [2_000, 6_000, 20_000, 30_000, 55_000])
@pytest.mark.parametrize("lost", [0.02, 0.15])
def test_the_region_is_as_long_where_somebody_has_the_processor_while_it_is_calibrated(
    native: Callable[[str], Path], preload: Path, at: int, lost: float
) -> None:
    stall = f"{at}:{round(lost / MALLOC)}"
    said = run(
        native("churn"),
        "--min-time=0.05",
        environment={"LD_PRELOAD": str(preload), "FAKE_CLOCK": "1", "FAKE_STALL": stall},
    )
    assert 0.05 <= said.the("region")["seconds"] <= 0.05 * 1.05 + LOOP


@pytest.mark.slow
def test_the_shared_package_of_go_workloads_passes_its_own_tests() -> None:
    goroot = fetch_goroot(GO_RELEASE)
    command: list[str | Path] = [goroot / "bin/go", "test", "-count=1", "-v", "./contract/"]
    done = subprocess.run(
        command, cwd=MODULE, env=go_environment(goroot, {}), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "--- PASS: TestCalibrationFinds" in done.stdout
