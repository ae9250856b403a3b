"""SIGKILL at random moments of real runs: nothing half-written or left behind, and the rest is done later.

Twenty moments in all, of pagewalk itself, of the emulator and of perf; each seed draws the same ones again.
"""

import gzip
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from pagewalk.analysis.profiles import parse_folded
from pagewalk.commands.progress import sit
from pagewalk.errors import Killed
from pagewalk.history import History, runlog
from pagewalk.last_will import MARK
from pagewalk.model import Outcome
from pagewalk.plugins import runners_named
from pagewalk.subjects import load_subject, prepare, resolve
from pagewalk.workflows.measuring import Request
from tests.end_to_end.conftest import Command
from tests.runners.killing import killed_when_seen

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("end-to-end")]

RUN = ("run", "--subject", "malloc", "glibc", "-r", "qemu-riscv64", "-b", "Churn")
OWN_KILLS, CHILD_KILLS, MOST_TRIES = 4, 8, 60


# -- pagewalk itself ---------------------------------------------------------------------------------


def test_pagewalk_is_killed_at_random_moments(
    project: Path, environment: dict[str, str], call: Command, tmp_path: Path
) -> None:
    generator = random.Random(4)
    call("pagewalk", *RUN)  # builds what was never built here, which would take most of the time
    began = time.monotonic()
    call("pagewalk", *RUN)
    usual = time.monotonic() - began
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    for _ in range(OWN_KILLS):
        stop_after(generator.uniform(0.1, 1.0) * usual, project, {**environment, "TMPDIR": str(temporary)})
        wait_until_empty(temporary)
        require_whole(project)
    left = executions_left(project, EMULATOR)
    require_announced(left, call("pagewalk", *RUN).stderr)
    require_complete(project, EMULATOR)


def stop_after(seconds: float, project: Path, environment: dict[str, str]) -> None:
    """Kill a run after a while; one that was faster has ended well."""
    command = [str(Path(sys.executable).parent / "pagewalk"), *RUN]
    with subprocess.Popen(command, cwd=project, env=environment, stderr=subprocess.PIPE) as process:
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        _, said = process.communicate()
    assert process.returncode in (0, -signal.SIGKILL), said


def wait_until_empty(folder: Path) -> None:
    """Wait for what clears up behind a killed pagewalk: it removes the folder last."""
    deadline = time.monotonic() + 120
    while any(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list(folder.iterdir()) == []
    assert [process for process in psutil.process_iter() if works_below(process, folder)] == []


def works_below(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.cwd().startswith(str(folder)) or str(folder) in process.environ().get("TMPDIR", "")
    except psutil.Error:
        return False


# -- what executes the workload ----------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """What is killed.

    Args:
        runner: whose executions are disturbed.
        pattern: of cases that it executes.
        program: the name of its processes.
        measured, recorded: executions of a sitting, and how many of page faults with their stacks.
        longest: seconds after the first one of a sitting by when one is killed at the latest.
    """

    runner: str
    pattern: str
    program: str
    measured: int
    recorded: int
    longest: float


# Three sizes, twice each since counts are exact; two ways to touch blocks that are new, and so fault.
EMULATOR = Target("qemu-riscv64", "Churn", "qemu-riscv64", measured=6, recorded=0, longest=0.5)
PERF = Target("local", "MallocLarge.*mib=2,", "perf", measured=2, recorded=2, longest=1.2)


@pytest.mark.parametrize("target", [EMULATOR, PERF], ids=["emulator", "perf"])
def test_what_executes_the_workload_is_killed_at_random_moments(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], target: Target
) -> None:
    if shutil.which(target.program) is None:
        pytest.skip(f"no {target.program}: apt-get install qemu-user linux-perf")
    monkeypatch.chdir(project)
    generator, kills, tries = random.Random(4), 0, 0
    while kills < CHILD_KILLS:
        tries += 1
        assert tries < MOST_TRIES, "nothing can be killed: is it over too fast?"
        left = executions_left(project, target)
        later = generator.uniform(0.0, target.longest)
        with suppress(Killed), killed_when_seen(target.program, after=later):
            measure(project, target)
        kills += executions_left(project, target) is not None
        require_announced(left, capsys.readouterr().err)
        require_whole(project)
        assert not [child for child in psutil.Process().children(recursive=True) if of_a_run(child)]
        if executions_left(project, target) is None:
            require_complete(project, target)
            forget(project)
    left = executions_left(project, target)
    measure(project, target)
    require_announced(left, capsys.readouterr().err)
    require_complete(project, target)


def measure(project: Path, target: Target) -> None:
    subject = load_subject("malloc", project)
    prepare(subject)
    history = History(project / "results" / "malloc", "malloc")
    revisions = (resolve(subject, "glibc"),)
    sit(
        Request(
            project, subject, revisions, tuple(runners_named([target.runner])), (target.pattern,), rounds=1
        ),
        history,
    )


def of_a_run(process: psutil.Process) -> bool:
    try:
        return MARK in process.environ()
    except psutil.Error:
        return False


# -- what must hold ----------------------------------------------------------------------------------


def executions_left(project: Path, target: Target) -> int | None:
    """Return how many executions the unfinished sitting lacks; None where there is none."""
    names = [path.read_text() for path in (project / ".pagewalk" / "unfinished").glob("[!.]*")]
    if not names:
        return None
    (name,) = names
    return target.measured + target.recorded - runs_by_sitting(project)[name] - len(recorded(project))


def runs_by_sitting(project: Path) -> Counter[str]:
    return Counter(logged.sitting for path in logs(project) for logged in runlog.read(path)[0])


def logs(project: Path) -> list[Path]:
    return list((project / "results").rglob("*.runs.jsonl"))


def recorded(project: Path) -> list[Path]:
    return list((project / "results").rglob("*.page-faults.0.folded"))


def require_announced(left: int | None, said: str) -> None:
    if left is None:
        assert "Going on with the sitting" not in said
    else:
        assert f": {left} executions are left." in said


def require_whole(project: Path) -> None:
    """Whatever stands under a final name can be read to its end."""
    history = History(project / "results" / "malloc")
    assert history.problems() == []
    for path in (project / "results").rglob("[!.]*"):
        if path.suffix == ".json":
            json.loads(path.read_text())
        elif path.suffix == ".gz":
            json.loads(gzip.decompress(path.read_bytes()))
        elif path.suffix == ".folded":
            assert parse_folded(path.read_text()).total > 0


def require_complete(project: Path, target: Target) -> None:
    """Each sitting has just what was asked for, all of it well, and beside it nothing."""
    assert set(runs_by_sitting(project).values()) == {target.measured}
    assert len(recorded(project)) == target.recorded
    runs = [logged.run for path in logs(project) for logged in runlog.read(path)[0]]
    assert {run.outcome for run in runs} == {Outcome.OK}, "a kill from outside became a result"
    require_whole(project)
    for folder in (project / "results", project / ".pagewalk"):
        assert not [path for path in folder.rglob(".*") if path.suffix in (".part", ".tmp")]
    assert not list((project / ".pagewalk" / "unfinished").glob("[!.]*"))


def forget(project: Path) -> None:
    """Begin anew, as if nothing had been measured."""
    shutil.rmtree(project / "results")
