"""Page faults with their stacks, by the real perf."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from pagewalk.model import Artifact, Job, Outcome, Run, Target
from runners.counters.perf import record as perf_record
from runners.counters.perf import recordable
from runners.counters.perf.record import PerfRecord
from runners.counters.perf.record_plan import require_event
from runners.executable import is_go

Execute = Callable[..., Run]

JOB = Job(Artifact(("/bin/true",), Target("x86_64")), (), 1)


def test_go_is_told_by_its_note(tmp_path: Path) -> None:
    program = tmp_path / "program"
    note = b"\x04\x00\x00\x00\x53\x00\x00\x00\x04\x00\x00\x00Go\x00\x00Pued8yeAf8"  # as readelf -n shows it
    program.write_bytes(b"\x7fELF" + bytes(3956) + note)
    assert is_go(program)
    assert not is_go(Path("/bin/true"))
    assert not is_go(tmp_path / "gone")


def test_a_machine_without_perf_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recordable._problem.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Unavailable, match="apt-get install"):
        PerfRecord().open(tmp_path, JOB)
    recordable._problem.cache_clear()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")
class TestRealPerf:
    def test_every_fault_of_the_region_has_its_stack(
        self, execute_command: Execute, workload: Path, tmp_path: Path
    ) -> None:
        session = PerfRecord().open(tmp_path, JOB)
        run = execute_command(workload, "--pages=3000", sessions=(session,))
        assert run.outcome is Outcome.OK
        counts = dict(line.rsplit(" ", 1) for line in session.folded().splitlines())
        in_main = sum(int(count) for stack, count in counts.items() if stack.endswith(";main"))
        assert in_main >= 3000 - int(counts.get("[lost]", 0))
        assert in_main <= 3005

    def test_a_full_recording_ends_without_blaming_the_workload(
        self, execute_command: Execute, workload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(perf_record, "SIZE_LIMIT", 2 << 20)
        session = PerfRecord().open(tmp_path, JOB)
        execute_command(workload, "--pages=20000", sessions=(session,))
        assert session.truncated
        assert ";main " in session.folded()

    def test_an_event_that_perf_replaced_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "perf.data"
        subprocess.run(
            ["perf", "record", "-q", "-e", "cycles", "-o", file, "--", "true"],
            check=True,
            capture_output=True,
        )
        events = subprocess.run(["perf", "evlist", "-i", file], check=True, capture_output=True, text=True)
        if "cycles" in events.stdout:
            pytest.skip("this machine has a PMU: perf records the cycles it was asked for")
        with pytest.raises(Unavailable, match="perf recorded cpu-clock instead of cycles"):
            require_event(events.stdout.splitlines(), "cycles")

    def test_a_file_that_is_no_recording_is_an_error(self, tmp_path: Path) -> None:
        session = PerfRecord().open(tmp_path, JOB)
        (tmp_path / "perf.data").write_bytes(b"garbage")
        with pytest.raises(Unavailable, match="perf evlist ended with status"):
            session.folded()
