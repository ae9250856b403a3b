"""Killed half-way, unplugged, fed with garbage: nothing half-written, and the rest is done the next time."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Command

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("end-to-end")]

RUN = ("run", "--subject", "malloc", "glibc", "-r", "qemu-x86_64", "-b", "Churn")
WANTED = 6  # three sizes, two executions each


def log_of(project: Path) -> Path:
    return next((project / "results" / "malloc" / "qemu-x86_64").glob("*.runs.jsonl"))


def runs_in(path: Path) -> int:
    return sum('"run":' in line for line in path.read_text().splitlines())


def stop_after_first_run(project: Path, environment: dict[str, str], number: signal.Signals) -> int:
    command = [str(Path(sys.executable).parent / "pagewalk"), *RUN]
    # Where the tests run in the background of a shell, SIGINT is ignored, and children inherit that.
    process = subprocess.Popen(
        command,
        cwd=project,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )
    deadline = time.monotonic() + 600
    folder = project / "results" / "malloc" / "qemu-x86_64"
    while time.monotonic() < deadline and process.poll() is None:
        if any(runs_in(path) for path in folder.glob("*.runs.jsonl")):
            process.send_signal(number)
            break
        time.sleep(0.005)
    process.communicate(timeout=60)
    return process.returncode


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_stopped_is_gone_on_with(
    project: Path, environment: dict[str, str], call: Command, number: signal.Signals
) -> None:
    status = stop_after_first_run(project, environment, number)
    assert status == (-9 if number == signal.SIGKILL else 130)
    taken = runs_in(log_of(project))
    assert 1 <= taken < WANTED
    for path in (project / "results").rglob("*.json"):
        json.loads(path.read_text())
    done = call("pagewalk", *RUN)
    assert f"{WANTED - taken} executions are left" in done.stderr
    assert runs_in(log_of(project)) == WANTED
    assert not list((project / "results").rglob("*.part"))
    assert not list((project / ".pagewalk" / "unfinished").glob("[!.]*"))


def test_without_the_emulator_it_says_what_to_install(
    project: Path, environment: dict[str, str], call: Command, tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("git", "sh", "env", "setarch", "uname"):
        found = next(Path(d, name) for d in os.environ["PATH"].split(":") if Path(d, name).exists())
        (tools / name).symlink_to(found)
    done = call("pagewalk", *RUN, check=False, PATH=str(tools))
    assert done.returncode == 4
    assert "qemu-user" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "results").exists()


def test_a_torn_log_and_half_a_results_file_cost_nothing_else(project: Path, call: Command) -> None:
    call("pagewalk", *RUN)
    log = log_of(project)
    log.write_bytes(log.read_bytes()[:-20])
    results = log.with_name(log.name.replace(".runs.jsonl", ".json"))
    results.write_bytes(results.read_bytes()[: results.stat().st_size // 2])
    call("pagewalk", *RUN)
    json.loads(results.read_text())
    compared = call(
        "pagewalk",
        "compare",
        "-s",
        "malloc",
        "glibc",
        "glibc+thp",
        "-r",
        "qemu-x86_64",
        "-b",
        "Churn",
        "--no-run",
        "--format",
        "json",
        check=False,
    )
    assert json.loads(compared.stdout)["schema"] == 1
