"""Probes on real functions: each call is counted, and no probe is left standing."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.errors import ConfigError, Unavailable
from pagewalk.model import Artifact, Job, Outcome, Run
from runners.counters.probes import placing as probes
from runners.counters.probes.call_count import CallCount
from runners.counters.probes.placing import placed, require_probes
from runners.counters.probes.spots import files_of
from runners.execution.symbols import functions
from runners.local import Local
from tests.runners import probed
from tests.runners.probed import built, tracing

Execute = Callable[..., Run]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("calls", tmp_path_factory.mktemp("calls"))


@pytest.fixture
def artifact(program: Path) -> Artifact:
    return Artifact((str(program),), Local().target, (program,))


@pytest.fixture
def tracefs() -> Path:
    return tracing()


def standing(tracefs: Path) -> list[str]:
    return probed.standing(tracefs, f"pagewalk_{os.getpid()}_")


def test_calls_within_the_region_are_counted_one_by_one(
    execute_command: Execute, program: Path, artifact: Artifact, tracefs: Path
) -> None:
    with placed("probe:called", artifact) as found:
        count = CallCount(found)
        run = execute_command(program, "--calls=12345", sessions=(count,))
        assert run.outcome is Outcome.OK
        assert count.calls == 12345
        count.close()
    assert standing(tracefs) == []


def test_no_probe_is_left_after_an_interruption(artifact: Artifact, tracefs: Path) -> None:
    block = placed("probe:called", artifact)
    block.__enter__()
    assert len(standing(tracefs)) == 1
    assert not block.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert standing(tracefs) == []


def test_what_a_killed_process_left_is_swept_away(artifact: Artifact, program: Path, tracefs: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    offset = functions(program)["caller"]
    probes._tell(tracefs, f"p:pagewalk_{gone.pid}_0/p0 {program}:{offset:#x}")
    with placed("probe:called", artifact):
        assert f"pagewalk_{gone.pid}_0" not in (tracefs / "uprobe_events").read_text()


def test_a_function_that_is_not_there_is_an_error_that_names_what_is(
    artifact: Artifact, tracefs: Path
) -> None:
    with (
        pytest.raises(ConfigError, match="has a function 'cal1ed'") as error,
        placed("probe:cal1ed", artifact),
    ):
        pass
    assert "probe:called" in error.value.remedy
    assert standing(tracefs) == []


def test_without_tracefs_or_the_right_to_it_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "TRACEFS", (tmp_path,))
    with pytest.raises(Unavailable, match="tracefs is not mounted") as error:
        require_probes()
    assert "mount -t tracefs" in error.value.remedy


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.usefixtures("tracefs")
def test_who_may_not_place_probes_is_told_so_and_not_that_there_are_none() -> None:
    os.setresuid(65534, 65534, 0)
    try:
        with pytest.raises(Unavailable, match="only root may place probes"):
            require_probes()
    finally:
        os.setresuid(0, 0, 0)


def test_the_files_of_an_artifact_are_its_loaders_libraries_and_itself(program: Path, tmp_path: Path) -> None:
    library = tmp_path / "libx.so"
    library.write_bytes(b"")
    artifact = Artifact((str(program), "--library-path", "/nowhere"), Local().target, (program, library))
    assert files_of(artifact) == (program, library)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")
def test_calls_are_sampled_with_their_stacks(artifact: Artifact, tracefs: Path) -> None:
    runner = Local()
    runner.require_event("probe:called")
    run = runner.execute(Job(artifact, ("--calls=20000",), 1, record="probe:called"))
    assert run.outcome is Outcome.OK
    counts = {stack: int(n) for stack, n in (line.rsplit(" ", 1) for line in run.folded.splitlines())}
    assert run.facts["calls"] == "20000"
    assert sum(counts.values()) == pytest.approx(20000, abs=len(counts))
    expected = sum(n for stack, n in counts.items() if stack.endswith(";main;caller;called"))
    assert expected > 0.99 * 20000
    assert standing(tracefs) == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")
def test_arguments_of_12345_calls_are_exactly_those_that_were_given(tmp_path: Path, tracefs: Path) -> None:
    program = built("sizes", tmp_path, "-static")
    artifact = Artifact((str(program),), Local().target, (program,))
    run = Local().execute(Job(artifact, ("--calls=12345",), 1, record="probe:malloc(size)"))
    assert run.outcome is Outcome.OK
    # A call that was lost on a busy machine is told as lost, and none is told wrong.
    lost = sum(int(line.split()[1]) for line in run.folded.splitlines() if line.startswith("[lost] "))
    told = dict(line.rsplit(" ", 1) for line in run.folded.splitlines() if not line.startswith("[lost] "))
    assert told.keys() == {"sizes;malloc;size=24", "sizes;malloc;size=4096"}
    assert run.facts["calls"] == "12345"
    assert sum(map(int, told.values())) + lost == 12345
    assert int(told["sizes;malloc;size=24"]) == pytest.approx(8230, abs=lost)
    assert standing(tracefs) == []
