"""perf killed at random moments: never a result, of whatever it was doing, and nobody is left."""

import errno
import random
import shutil
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from pagewalk.errors import Killed
from pagewalk.model import Artifact, Job, Outcome
from runners.counters import perf_syscall
from runners.counters.events.kernel import Event
from runners.counters.perf.command import ask_perf
from runners.counters.perf.stat import PerfStat
from runners.local import Local
from tests.runners.hostile import marked

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf"),
]


@pytest.fixture
def through_perf(monkeypatch: pytest.MonkeyPatch) -> Local:
    """This machine, whose kernel refuses us its own door: `perf stat` counts."""

    def refuse(event: Event, pid: int, user_only: bool, leader: int = -1) -> int:
        raise PermissionError(errno.EACCES, "refused")

    monkeypatch.setattr(perf_syscall, "open_event", refuse)
    runner = Local()
    if not isinstance(runner._counters, PerfStat):
        pytest.skip("perf stat cannot count page faults here: sudo sysctl kernel.perf_event_paranoid=1")
    return runner


def kill_perf_after(seconds: float) -> threading.Thread:
    """Kill the first perf that this process has started, some time after it is there."""

    def hunt() -> None:
        over = threading.Event()
        while not over.wait(0.005):
            for child in psutil.Process().children():
                with suppress(psutil.Error):
                    if child.name() == "perf":
                        over.wait(seconds)
                        child.kill()
                        return

    thread = threading.Thread(target=hunt)
    thread.start()
    return thread


@pytest.mark.parametrize("record", ["", "page-faults"], ids=["stat", "record"])
def test_an_execution_without_its_perf_is_no_run(
    through_perf: Local, workload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    artifact = Artifact((str(workload),), through_perf.target)
    generator = random.Random(4)
    if record:
        through_perf.require_event(record)
    before = set(tmp_path.iterdir())
    for _ in range(5):
        killer = kill_perf_after(generator.uniform(0.0, 0.3))
        with pytest.raises(Killed, match="perf was killed"):
            through_perf.execute(Job(artifact, ("--mode=hang",), 1, timeout=60.0, record=record))
        killer.join()
        assert marked() == []
        assert set(tmp_path.iterdir()) == before
    assert through_perf.execute(Job(artifact, ("--pages=50",), 1, record=record)).outcome is Outcome.OK


def test_an_answer_of_a_killed_perf_is_no_answer() -> None:
    killer = kill_perf_after(0.1)
    with pytest.raises(Killed, match="perf stat was killed"):
        ask_perf("stat", "-e", "task-clock", "--", "sh", "-c", "exec sleep 5 >/dev/null 2>&1")
    killer.join()
