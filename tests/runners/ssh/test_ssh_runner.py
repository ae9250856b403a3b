"""A board behind a real sshd: what comes home is what the local runner would have said."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pagewalk.errors import ConfigError
from pagewalk.inventories import Entry
from pagewalk.last_will import MARK
from pagewalk.metrics import METRICS
from pagewalk.model import Artifact, Job, Outcome, Provenance, Run
from runners.local import Local
from runners.ssh.runner import Ssh

pytestmark = pytest.mark.slow

MakeJob = Callable[..., Job]

LOCAL_FACTS = {"libc", "virtual", "container"}
"""What a board is not asked: workloads bring their libc there."""


def _values(run: Run) -> dict[str, float]:
    return {sample.metric: sample.value for sample in run.samples}


def test_samples_come_back_with_the_shape_of_the_local_runners(
    shared: Ssh, job: MakeJob, tmp_path: Path
) -> None:
    assert shared.unavailable() == ""
    there, here = shared.execute(job("--pages=500")), Local().execute(job("--pages=500"))
    assert there.outcome is Outcome.OK
    had = [sample.metric for sample in there.samples]
    assert sorted(had + [missing.metric for missing in there.missing]) == sorted(METRICS)
    offered = {name for name, value in shared.availability().items() if isinstance(value, Provenance)}
    assert {"time", "peak_rss"} <= set(had) == offered - {"overhead", "settled_rss"}
    assert there.facts.keys() == here.facts.keys() - LOCAL_FACTS
    assert _values(there)["peak_rss"] == pytest.approx(_values(here)["peak_rss"], rel=0.3)
    assert _values(there).get("page_faults", 1.0) == pytest.approx(1.0, abs=0.02)
    assert shared.facts().keys() >= {"os", "arch", "cpu", "num_cpu", "ram"}
    assert shared.facts()["ram"] == Local().facts()["ram"]
    assert not [*tmp_path.parent.rglob("harm"), *Path.cwd().glob("harm")]


def test_bad_ends_are_told_apart_exactly(shared: Ssh, job: MakeJob, exits: Callable[..., Artifact]) -> None:
    ends = {mode: shared.execute(job(f"--mode={mode}")) for mode in ("raw-segv", "segv", "enomem")}
    for mode in ("raw-segv", "segv"):
        crash = ends[mode].crash
        assert crash is not None
        assert (ends[mode].outcome, crash.signal) == (Outcome.CRASHED, "SIGSEGV")
        assert mode == "raw-segv" or crash.fault_address == 0x10
    assert ends["enomem"].outcome is Outcome.OUT_OF_MEMORY
    exited = shared.execute(Job(exits(139), (), 1))
    assert exited.crash is not None
    assert (exited.outcome, exited.crash.exit_status, exited.crash.signal) == (Outcome.FAILED, 139, "")


def test_what_never_ends_is_killed_on_the_board_and_a_daemon_with_it(shared: Ssh, job: MakeJob) -> None:
    assert shared.execute(job("--mode=daemon")).outcome is Outcome.OK
    assert shared.execute(job("--mode=hang", timeout=1.0)).outcome is Outcome.TIMEOUT


def test_the_environment_is_the_artifacts_and_nothing_of_the_boards(shared: Ssh, job: MakeJob) -> None:
    run = shared.execute(job("--mode=environment"))
    assert run.crash is not None
    told = dict(line.split("=", 1) for line in run.crash.last_output if not line.startswith("pagewalk: "))
    assert told["FROM_THE_ARTIFACT"] == '$(touch harm) it\'s "me"'
    ours = {MARK, "PAGEWALK_PAD", "PAGEWALK_CONTROL"}
    assert told.keys() == {"FROM_THE_ARTIFACT", "HOME", "LC_ALL", "PATH", "TZ"} | ours


def test_an_artifact_is_sent_once_and_again_when_somebody_emptied_the_folder(
    board: Ssh, entry: Entry, job: MakeJob
) -> None:
    board.execute(job())
    (kept,) = Path(entry.folder, "files").iterdir()
    written = kept.stat().st_mtime_ns
    again = Ssh(entry)
    again.execute(job("--pages=7"))
    assert kept.stat().st_mtime_ns == written
    for folder in ("files", "trees"):
        Path(entry.folder, folder).rename(Path(entry.folder, f"old {folder}"))
    assert again.execute(job()).outcome is Outcome.OK
    again.close()


def test_paths_are_the_boards_there_and_ours_here(
    board: Ssh, exits: Callable[..., Artifact], entry: Entry
) -> None:
    told = 'cat "$LIB"; echo "{\\"facts\\": {\\"lib\\": \\"$LIB\\", \\"argument\\": \\"$1\\"}}"'
    artifact = exits(7, told)
    library = Path(artifact.command[0]).parent / "a library.so"
    library.write_text('{"facts": {"content": "x"}}\n')
    command = (artifact.command[0], f"--preload={library}")
    artifact = replace(artifact, command=command, files=(library,), environment={"LIB": str(library)})
    facts = board.execute(Job(artifact, (), 1)).facts
    assert (facts["lib"], facts["argument"]) == (str(library), f"--preload={library}")
    library.unlink()
    there = next(Path(entry.folder, "trees").iterdir()) / str(library).lstrip("/")
    assert facts["content"] == "x"
    assert there.exists()


@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")
def test_page_faults_are_recorded_there_with_their_stacks_and_brought_home(shared: Ssh, job: MakeJob) -> None:
    shared.require_event("page-faults")
    run = shared.execute(job("--pages=300", record="page-faults"))
    assert run.outcome is Outcome.OK, run
    counts = {stack: int(n) for stack, n in (line.rsplit(" ", 1) for line in run.folded.splitlines())}
    in_main = sum(count for stack, count in counts.items() if stack.endswith(";main"))
    # Only root has a buffer that loses nothing.
    assert (300 if os.getuid() == 0 else 1) <= in_main <= 305
    assert run.samples == ()
    assert shared.execute(job("--mode=segv", record="page-faults")).outcome is Outcome.CRASHED


@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")
def test_what_a_board_cannot_record_is_said_before_anything_is_sent(shared: Ssh) -> None:
    with pytest.raises(ConfigError, match="There is no perf event 'page-fualts'") as error:
        shared.require_event("page-fualts")
    assert "page-faults" in error.value.remedy
    with pytest.raises(ConfigError, match="names no arguments of malloc"):
        shared.require_event("probe:malloc(a b)")
