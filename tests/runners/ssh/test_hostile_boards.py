"""Boards that have little, or mean no good: a clear record, and nothing left behind."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from pagewalk.inventories import Entry
from pagewalk.metrics import PAGE_FAULTS
from pagewalk.model import Artifact, Job, Missing, Outcome
from runners.ssh.runner import Ssh
from tests.runners.ssh.conftest import PAUSES
from tests.runners.ssh.loopback import SSHD, left_behind, listening
from tests.small_disk import small_disk

pytestmark = pytest.mark.slow

MakeArtifact = Callable[..., Artifact]
MakeJob = Callable[..., Job]


@pytest.fixture
def poorest(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Ssh]:
    """A board with nothing but busybox, and of that neither setsid, taskset nor flock."""
    busybox = shutil.which("busybox")
    if SSHD is None or busybox is None:
        pytest.skip("no sshd or no busybox: apt-get install openssh-server busybox")
    tools = tmp_path_factory.mktemp("busybox")
    for name in subprocess.run(
        [busybox, "--list"], capture_output=True, text=True, check=True
    ).stdout.split():
        if name not in ("setsid", "taskset", "flock"):
            (tools / name).symlink_to(busybox)
    with listening(tmp_path_factory.mktemp("sshd"), environment=f"PATH={tools}") as sshd:
        entry = replace(sshd.entry, folder=str(tmp_path / "board"))
        board = Ssh(entry, PAUSES)
        yield board
        board.close()
        assert left_behind(entry) == []


def test_a_busybox_is_enough(poorest: Ssh, job: MakeJob, exits: MakeArtifact) -> None:
    assert poorest.unavailable() == ""
    run = poorest.execute(job("--pages=300"))
    assert {sample.metric for sample in run.samples} == {"time", "peak_rss"}
    assert run.facts["cpus"] == "not pinned"
    lacking = poorest.availability()[PAGE_FAULTS.name]
    assert isinstance(lacking, Missing)
    assert lacking.reason == "perf is not installed on the board: apt-get install linux-perf there"
    crashed, exited = poorest.execute(job("--mode=segv")), poorest.execute(Job(exits(139), (), 1))
    assert crashed.outcome is Outcome.CRASHED
    assert exited.outcome is Outcome.FAILED
    assert poorest.execute(job("--mode=daemon")).outcome is Outcome.OK
    assert poorest.execute(job("--mode=hang", timeout=1.0)).outcome is Outcome.TIMEOUT


def test_floods_are_cut_and_the_end_is_kept(shared: Ssh, exits: MakeArtifact) -> None:
    flood = "yes flood | head -c 5000000"
    run = shared.execute(Job(exits(9, f"{flood}; echo 'panic: the end' >&2"), (), 1))
    assert run.crash is not None
    assert (run.outcome, run.crash.last_output[-2]) == (Outcome.FAILED, "panic: the end")
    endless = shared.execute(Job(exits(0, "yes"), (), 1, timeout=1.0))
    assert (endless.outcome, endless.samples) == (Outcome.TIMEOUT, ())


def test_wrong_json_is_a_failure_and_no_number(shared: Ssh, exits: MakeArtifact) -> None:
    run = shared.execute(Job(exits(0, 'echo "{\\"region\\": \\"x\\", \\"operations\\": NaN}"'), (), 1))
    assert (run.outcome, run.samples) == (Outcome.FAILED, ())
    assert "is not JSON" in run.facts["failure"]


def test_a_full_disk_is_said_and_leaves_no_half_file(entry: Entry, job: MakeJob, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    with small_disk(small, "512k"):
        board = Ssh(replace(entry, folder=str(small / "board")), PAUSES)
        with pytest.raises(Unavailable, match="KiB are free"):
            board.execute(job())
        assert not list(small.rglob("*.part"))
        board.close()


def test_a_disk_that_fills_up_while_it_runs_makes_no_failure_of_the_workload(
    entry: Entry, exits: MakeArtifact, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    with small_disk(small, "6m"):
        board = Ssh(replace(entry, folder=str(small / "board")), PAUSES)
        fills = exits(0, "head -c 9000000 /dev/zero >fill 2>/dev/null; yes | head -c 500000")
        with pytest.raises(Unavailable, match=r"could not|no result"):
            board.execute(Job(fills, (), 1))
        board.close()


def test_a_folder_in_which_nothing_can_be_executed_is_told_at_once(entry: Entry, tmp_path: Path) -> None:
    folder = tmp_path / "noexec"
    folder.mkdir()
    with small_disk(folder, "6m", "noexec"):
        board = Ssh(replace(entry, folder=str(folder / "board")))
        assert "is that mounted noexec? Name another folder" in board.unavailable()
        board.close()


def test_a_processor_that_the_board_has_not_is_no_failure_of_the_workload(entry: Entry) -> None:
    board = Ssh(replace(entry, cpus=(4000,)))
    assert "it has no processor 4000 for us: choose from" in board.unavailable()
    board.close()


def test_two_who_measure_on_one_board_take_turns(board: Ssh, entry: Entry, exits: MakeArtifact) -> None:
    other = Ssh(entry, PAUSES)
    alone = exits(0, "mkdir ../../../alone || exit 9; sleep 1; rmdir ../../../alone; exit 3")
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(runner.execute, Job(alone, (), 1)) for runner in (board, other)]
        crashes = [run.result(timeout=60).crash for run in runs]
    other.close()
    assert [crash and crash.exit_status for crash in crashes] == [3, 3]


def test_a_clock_that_jumps_makes_nobody_old_who_lives(board: Ssh, entry: Entry, exits: MakeArtifact) -> None:
    """A second runner tidies up what is days old; the execution that the clock makes look old goes on."""
    script = "touch -t 200001010000 ../../*; : >../../../looks-old; sleep 2"
    other = Ssh(entry)
    old = Path(entry.folder, "jobs", "0123456789abcdef")
    old.mkdir(parents=True)
    os.utime(old, (0, 0))
    with ThreadPoolExecutor() as pool:
        running = pool.submit(board.execute, Job(exits(4, script), (), 1))
        while not (Path(entry.folder, "looks-old")).exists():
            time.sleep(0.05)
        assert other.unavailable() == ""
        assert not old.exists()
        run = running.result(timeout=30)
    other.close()
    assert run.crash is not None
    assert run.crash.exit_status == 4


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("yes pagewalk 1", "more than"),
        ("printf 'pagewalk 1\\nfolder 900\\nshort'", "no whole answer"),
        ("exit 3", "no whole answer"),
    ],
)
def test_a_board_that_answers_nonsense_is_unavailable(
    tmp_path_factory: pytest.TempPathFactory, command: str, said: str
) -> None:
    if SSHD is None:
        pytest.skip("no sshd: apt-get install openssh-server")
    with listening(tmp_path_factory.mktemp("sshd"), f"ForceCommand {command}") as sshd:
        board = Ssh(sshd.entry)
        assert said in board.unavailable()
        board.close()
