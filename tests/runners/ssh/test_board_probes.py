"""Probes on a real board: each call is counted there, and no probe is left standing, whatever happens."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from pagewalk.errors import Unavailable
from pagewalk.inventories import Entry
from pagewalk.model import Artifact, Job, Outcome, Run
from runners.execution.symbols import functions
from runners.local import Local
from runners.ssh import board as boards
from runners.ssh import runner
from runners.ssh.board import new_ident
from runners.ssh.probing import group_of
from runners.ssh.runner import Ssh
from tests.runners import probed
from tests.runners.probed import built, tracing
from tests.runners.ssh.conftest import PAUSES
from tests.runners.ssh.loopback import Sshd, running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf"),
]

LONG = 120.0
"""Seconds that nothing takes, on however busy a machine."""


@pytest.fixture(scope="module")
def tracefs() -> Path:
    return tracing()


Standing = Callable[[], list[str]]


@pytest.fixture
def standing(tracefs: Path, monkeypatch: pytest.MonkeyPatch) -> Standing:
    """Return what tells the probes of this test's executions: other tests place theirs in the same kernel."""
    idents: list[str] = []

    def noted() -> str:
        idents.append(new_ident())
        return idents[-1]

    monkeypatch.setattr(boards, "new_ident", noted)
    monkeypatch.setattr(runner, "new_ident", noted)
    return lambda: [line for ident in idents for line in probed.standing(tracefs, group_of(ident))]


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """A workload whose files are two names of one, which is one to the kernel."""
    program = built("calls", tmp_path_factory.mktemp("calls"))
    link = program.with_name("link")
    link.symlink_to(program)
    return Artifact((str(program),), Local().target, (program, link))


def waiting(calls: Artifact, folder: Path, seconds: int) -> Artifact:
    """Return the same workload after a while in which a probe stands."""
    waits = folder / "waits.sh"
    waits.write_text(f'#!/bin/sh\nsleep {seconds}\nexec "$@"\n')
    waits.chmod(0o755)
    return replace(calls, command=(str(waits), *calls.command), files=(waits, *calls.files))


@pytest.fixture
def slow(calls: Artifact, tmp_path: Path) -> Artifact:
    return waiting(calls, tmp_path, 3)


def counted(run: Run) -> dict[str, int]:
    return {stack: int(n) for stack, n in (line.rsplit(" ", 1) for line in run.folded.splitlines())}


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_calls_are_counted_there_one_by_one_and_sampled_with_their_stacks(
    shared: Ssh, calls: Artifact, standing: Standing
) -> None:
    shared.require_event("probe:called")
    run = shared.execute(Job(calls, ("--calls=12345",), 1, record="probe:called"))
    assert (run.outcome, run.facts["calls"]) == (Outcome.OK, "12345")
    counts = counted(run)
    assert sum(counts.values()) == pytest.approx(12345, abs=len(counts))
    assert sum(n for stack, n in counts.items() if stack.endswith(";main;caller;called")) > 0.99 * 12345
    assert standing() == []


def test_arguments_are_told_as_they_were_given(shared: Ssh, tmp_path: Path, standing: Standing) -> None:
    program = built("sizes", tmp_path, "-static")
    artifact = Artifact((str(program),), Local().target, (program,))
    run = shared.execute(Job(artifact, ("--calls=3000",), 1, record="probe:malloc(size)"))
    counts = counted(run)
    lost = counts.pop("[lost]", 0)
    assert run.facts["calls"] == "3000"
    assert sum(counts.values()) + lost == 3000
    assert counts.keys() == {"sizes;malloc;size=24", "sizes;malloc;size=4096"}
    assert standing() == []


def test_a_connection_cut_while_a_probe_stands_loses_neither_calls_nor_the_end_of_it(
    board: Ssh, sshd: Sshd, slow: Artifact, standing: Standing
) -> None:
    def cut() -> None:
        until(standing)
        sshd.cut()

    board.require_event("probe:called")
    cutter = threading.Thread(target=cut)
    cutter.start()
    run = board.execute(Job(slow, ("--calls=77",), 1, record="probe:called"))
    cutter.join()
    assert (run.outcome, run.facts["calls"]) == (Outcome.OK, "77")
    assert standing() == []


def test_a_probe_whose_supervisor_was_killed_is_taken_away_all_the_same(
    entry: Entry, calls: Artifact, standing: Standing, tmp_path: Path
) -> None:
    def kill() -> None:
        until(lambda: standing() and "sleep" in running(entry))
        (job,) = Path(entry.folder, "jobs").iterdir()
        psutil.Process(int((job / "supervisor").read_text())).kill()

    board = Ssh(entry, PAUSES)
    board.require_event("probe:called")
    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(Unavailable, match="nobody watches the execution any more"):
        board.execute(Job(waiting(calls, tmp_path, 100), (), 1, timeout=LONG, record="probe:called"))
    killer.join()
    until(lambda: not standing() and not running(entry))
    board.close()


def test_probes_of_the_dead_are_swept_away_and_those_of_the_living_are_not(
    board: Ssh, calls: Artifact, tracefs: Path
) -> None:
    dead, living = group_of(new_ident()), group_of(ident := new_ident())
    (program, *_) = calls.files
    placed = tracefs / "uprobe_events"
    with subprocess.Popen(["sh", "-c", "read -r _; :", "sh", ident], stdin=subprocess.PIPE) as watcher:
        try:
            for group in (dead, living):
                _tell(placed, f"p:{group}/p0 {program}:{functions(program)['caller']:#x}")
            run = board.execute(Job(calls, ("--calls=9",), 1, record="probe:called"))
            assert run.facts["calls"] == "9"
            assert probed.standing(tracefs, dead) == []
            assert len(probed.standing(tracefs, living)) == 1
        finally:
            for group in (dead, living):
                if probed.standing(tracefs, group):
                    _tell(placed, f"-:{group}/p0")
            watcher.communicate()


def _tell(placed: Path, command: str) -> None:
    descriptor = os.open(placed, os.O_WRONLY | os.O_APPEND)
    os.write(descriptor, f"{command}\n".encode())
    os.close(descriptor)


def test_two_who_measure_at_once_with_the_same_function_count_their_own_calls(
    entry: Entry, slow: Artifact, standing: Standing, tmp_path: Path
) -> None:
    pair = [Ssh(replace(entry, folder=str(tmp_path / name)), PAUSES) for name in ("one", "other")]

    def execute(board: Ssh, calls: int) -> str:
        return board.execute(Job(slow, (f"--calls={calls}",), 1, record="probe:called")).facts["calls"]

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(execute, pair, (111, 222))) == ["111", "222"]
    for board in pair:
        board.close()
    assert standing() == []
