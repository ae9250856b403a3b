"""Emulated runners: honest about what they cannot know, exact about the rest."""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from pagewalk.builders.workload import find_workload
from pagewalk.errors import Killed, Unavailable
from pagewalk.metrics import METRICS
from pagewalk.model import Artifact, Job, Missing, Outcome, Precision, Provenance, Run, Target
from pagewalk.protocols import Recorder
from pagewalk.toolchains.zig import c_compiler
from runners import facts, qemu_user
from runners.counters.memsim_session import REPLACED
from runners.qemu_user import ARCHITECTURES, QemuUser, discover
from tests.runners.killing import killed_when_seen

ROOT = Path(__file__).parents[2]
FIXTURES = Path(__file__).parent / "fixtures"

# The options of pagewalk's own builds, so that zig need not build another libc.
LIKE_BUILDS = ("-O2", "-g", "-fno-omit-frame-pointer", "-fno-sanitize=undefined")

Execute = Callable[..., Run]


def compile_guest(architecture: str, program: Path, *inputs: str | Path) -> None:
    """Build a program as pagewalk builds workloads: another libc would take zig a minute."""
    compiler = c_compiler(Target(architecture, "musl"))
    command = [compiler.cc, *LIKE_BUILDS, "-w", "-static", "-o", program, *inputs, "-lm"]
    subprocess.run(command, check=True, env={**os.environ, **compiler.environment})


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The test workload for every architecture."""
    pytest.importorskip("ziglang", reason="no cross compiler: pip install ziglang")
    folder = tmp_path_factory.mktemp("programs")
    for architecture in ARCHITECTURES:
        compile_guest(architecture, folder / architecture, FIXTURES / "workload.c")
    return {architecture: folder / architecture for architecture in ARCHITECTURES}


@pytest.fixture(scope="session")
def crashing_guest(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Builds the workload that dies as it is told, for an architecture."""
    folder = tmp_path_factory.mktemp("crashing")
    source = ROOT / "tests/benchmarks/fixtures/crashing.c"
    engine = [text for text in find_workload("churn", "c", ROOT).inputs if not text.endswith("churn.c")]

    def build(architecture: str) -> Path:
        program = folder / architecture
        compile_guest(architecture, program, source, *engine)
        return program

    return build


@pytest.fixture(params=ARCHITECTURES)
def runner(request: pytest.FixtureRequest) -> QemuUser:
    (found,) = [each for each in discover() if each.target.architecture == request.param]
    assert isinstance(found, QemuUser)
    if reason := found.unavailable():
        pytest.skip(reason)
    return found


@pytest.fixture
def emulate(runner: QemuUser, programs: dict[str, Path]) -> Execute:
    def run(*arguments: str, environment: dict[str, str] | None = None, **more: object) -> Run:
        program = programs[runner.target.architecture]
        artifact = Artifact((str(program),), runner.target, (program,), environment or {})
        return runner.execute(Job(artifact, arguments, exact_loops=1, **more))  # type: ignore[arg-type]

    return run


def test_an_emulated_runner_never_has_the_machine_name_of_a_real_one() -> None:
    runners = discover()
    assert [runner.name for runner in runners] == ["qemu-x86_64", "qemu-arm64", "qemu-riscv64"]
    assert all(runner.emulated and runner.machine == runner.name for runner in runners)
    assert facts.asv_machine_name() not in {runner.machine for runner in runners}


def test_real_cores_are_runners_of_their_own_for_those_who_name_them() -> None:
    found = {runner.machine: runner for runner in qemu_user.discover_on_request()}
    assert {"qemu-arm64-neoverse-n1", "qemu-riscv64-sifive-u74", "qemu-x86_64-zen3"} <= set(found)
    zen = found["qemu-x86_64-zen3"]
    assert zen.target == Target("x86_64")
    assert "zen3 geometry" in zen.facts()["cpu"]


def test_an_event_that_the_model_does_not_count_is_answered_with_those_it_does() -> None:
    runner = discover()[2]
    assert isinstance(runner, Recorder)
    runner.require_event("dtlb_misses")
    with pytest.raises(Unavailable, match="qemu-riscv64: dTLB-missess") as caught:
        runner.require_event("dTLB-missess")
    assert caught.value.remedy.startswith("Did you mean dtlb_misses? ")
    assert "walk_loads" in caught.value.remedy


def test_times_are_never_offered_and_every_metric_says_how_or_why_not() -> None:
    for runner in discover():
        availability = runner.availability()
        assert set(availability) == set(METRICS)
        for metric in ("time", "task_clock", "page_faults", "context_switches", "peak_rss"):
            value = availability[metric]
            assert isinstance(value, Missing)
            assert value.reason.startswith("emulated: ")


def test_facts_are_those_of_the_emulated_machine_and_stay_the_same() -> None:
    for runner in discover():
        found = runner.facts()
        assert set(facts.ASV_FIELDS) <= set(found)
        assert found["arch"] == runner.target.architecture
        assert "memsim" in found["cpu"]
        assert found == runner.facts()


def test_without_the_emulator_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, workload: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    runner = discover()[2]
    assert "apt-get install qemu-user" in runner.unavailable()
    assert isinstance(runner.availability()["instructions"], Missing)
    with pytest.raises(Unavailable, match="not installed"):
        runner.execute(Job(Artifact((str(workload),), runner.target), (), 1))


def test_a_script_is_refused_with_words_and_not_handed_to_the_emulator(
    runner: QemuUser, tmp_path: Path
) -> None:
    script = tmp_path / "wrapper"
    script.write_text("#!/bin/sh\nexec ./churn\n")
    script.chmod(0o755)
    run = runner.execute(Job(Artifact((str(script),), runner.target), (), exact_loops=1))
    assert run.outcome is Outcome.UNSUPPORTED
    assert f"{script} is a script" in run.facts["failure"]
    assert "-r local" in run.facts["failure"]


def test_what_the_loader_and_the_emulator_obey_is_kept_from_the_emulator() -> None:
    asked = {"LD_PRELOAD": "/a.so", "GODEBUG": "a=1,b=2", "MALLOC_ARENA_MAX": "4"}
    inside, outside = qemu_user._split(asked)
    assert inside == ("-E", "LD_PRELOAD=/a.so", "-E", "MALLOC_ARENA_MAX=4")
    assert outside == {"GODEBUG": "a=1,b=2", **qemu_user.OWN}


@pytest.mark.parametrize(
    ("architecture", "version", "reserved"),
    [
        ("arm64", "7.2.22", False),
        ("arm64", "10.0.13", True),
        ("x86_64", "10.0.13", False),
        ("riscv64", "", False),
    ],
)
def test_a_newer_emulator_reserves_room_for_its_guest_where_it_can(
    architecture: str, version: str, reserved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QemuUser, "_version", version)
    assert ("-R" in QemuUser(Target(architecture)).emulator) == reserved


@pytest.mark.slow
def test_a_workload_that_another_program_takes_the_place_of_is_unsupported_and_says_why(
    tmp_path: Path,
) -> None:
    """The later one is executed by the host itself, which can do so where both have one architecture."""
    pytest.importorskip("ziglang", reason="no cross compiler: pip install ziglang")
    host = QemuUser(Target(facts.host_architecture()))
    if reason := host.unavailable():
        pytest.skip(reason)
    program = tmp_path / "replaced"
    compile_guest(host.target.architecture, program, FIXTURES / "replaced.c")
    run = host.execute(Job(Artifact((str(program),), host.target), (), exact_loops=1))
    assert (run.outcome, run.samples) == (Outcome.UNSUPPORTED, ())
    assert run.facts["failure"] == REPLACED


@pytest.mark.slow
class TestRealEmulators:
    def test_counts_repeat_to_the_last_digit(self, emulate: Execute) -> None:
        runs = [emulate("--pages=300") for _ in range(4)]
        assert {run.outcome for run in runs} == {Outcome.OK}
        assert len({tuple((sample.metric, sample.value) for sample in run.samples) for run in runs}) == 1
        assert all(sample.provenance.precision is Precision.EXACT for sample in runs[0].samples)

    def test_a_run_has_every_metric_or_the_reason_why_not(self, emulate: Execute, runner: QemuUser) -> None:
        run = emulate()
        had = {sample.metric for sample in run.samples}
        assert had | {missing.metric for missing in run.missing} == set(METRICS)
        offered = {name for name, value in runner.availability().items() if isinstance(value, Provenance)}
        assert had == offered
        assert "time" not in had

    def test_each_page_touched_for_the_first_time_misses_the_tlb_once(self, emulate: Execute) -> None:
        run = emulate("--pages=5000")
        values = {sample.metric: sample.value for sample in run.samples}
        assert values["dtlb_misses"] == pytest.approx(1.0, abs=0.01)

    def test_threads_make_counts_sampled(self, emulate: Execute) -> None:
        run = emulate("--threads=2", threads=True)
        assert run.outcome is Outcome.OK
        assert run.samples
        assert {sample.provenance.precision for sample in run.samples} == {Precision.SAMPLED}

    @pytest.mark.parametrize(
        ("mode", "signal", "address"),
        [("segv", "SIGSEGV", 0x10), ("raw-segv", "SIGSEGV", None), ("abort", "SIGABRT", None)],
    )
    def test_a_signal_in_the_guest_is_the_runs(
        self, emulate: Execute, mode: str, signal: str, address: int | None
    ) -> None:
        run = emulate(f"--mode={mode}")
        assert run.outcome is Outcome.CRASHED
        assert run.crash is not None
        assert (run.crash.signal, run.crash.fault_address) == (signal, address)

    @pytest.mark.parametrize("mode", ["kill", "kill-thread", "kill-group", "child-kills"])
    def test_a_guest_that_kills_itself_is_a_crash(self, emulate: Execute, mode: str) -> None:
        run = emulate(f"--mode={mode}")
        assert run.outcome is Outcome.CRASHED
        assert run.crash is not None
        assert (run.crash.signal, run.crash.fault_address) == ("SIGKILL", None)

    @pytest.mark.parametrize("mode", ["child-killed", "kill-nobody"])
    def test_a_kill_of_somebody_else_leaves_the_guest_its_result(self, emulate: Execute, mode: str) -> None:
        assert emulate(f"--mode={mode}").outcome is Outcome.OK

    def test_an_emulator_that_is_killed_from_outside_has_no_result(self, emulate: Execute) -> None:
        with (
            killed_when_seen("qemu-.*", "--mode=hang"),
            pytest.raises(Killed, match="emulator was killed"),
        ):
            emulate("--mode=hang")

    def test_an_emulator_without_room_for_its_counts_is_no_failure_of_the_workload(
        self, emulate: Execute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folders = tmp_path / "not there", tmp_path
        monkeypatch.setattr(qemu_user, "scratch_folders", lambda: nullcontext(folders))
        with pytest.raises(
            Unavailable, match=r"did not begin: memsim: cannot write .*: No such file"
        ) as caught:
            emulate("--pages=1")
        assert "export TMPDIR=" in caught.value.remedy

    def test_a_crash_in_the_guest_has_its_registers_and_function_and_no_page_of_the_emulators(
        self, runner: QemuUser, crashing_guest: Callable[[str], Path]
    ) -> None:
        program = crashing_guest(runner.target.architecture)
        job = Job(Artifact((str(program),), runner.target, (program,)), ("--how=5",), exact_loops=1)
        crash = runner.execute(job).crash
        assert crash is not None
        assert (crash.signal, crash.fault_address) == ("SIGBUS", 0x20000018)
        assert crash.frames == ("read_beyond_file",)
        assert crash.pc in crash.registers.values()
        assert crash.memory.startswith("20000000-20001000 r--p")
        assert crash.page["mapped"] == "yes"
        assert "present" not in crash.page
        assert "emulator" in crash.page["present, dirty, huge"]

    def test_time_is_up_after_twenty_times_as_long(self, emulate: Execute) -> None:
        assert emulate("--mode=hang", timeout=0.02).outcome is Outcome.TIMEOUT

    def test_the_guest_sees_its_own_environment_and_none_of_our_marks(self, emulate: Execute) -> None:
        run = emulate("--mode=environment", environment={"GODEBUG": "a=1,b=2", "LD_PRELOAD": "/a.so"})
        assert run.crash is not None
        seen = dict(
            line.split("=", 1) for line in run.crash.last_output if "=" in line and ":" not in line[:9]
        )
        assert seen.pop("PATH")
        assert seen == {
            "HOME": "/",
            "LC_ALL": "C",
            "TZ": "UTC",
            "GODEBUG": "a=1,b=2",
            "LD_PRELOAD": "/a.so",
        }

    def test_a_variable_of_the_emulators_own_is_the_guests_where_its_job_has_it(
        self, emulate: Execute
    ) -> None:
        run = emulate("--mode=environment", environment={"MALLOC_ARENA_MAX": "4"})
        assert run.crash is not None
        assert "MALLOC_ARENA_MAX=4" in run.crash.last_output

    def test_faults_cannot_be_recorded_and_it_says_so(self, emulate: Execute) -> None:
        run = emulate(record="page-faults")
        assert run.outcome is Outcome.UNSUPPORTED
        assert "emulation" in run.facts["failure"]

    def test_simulated_misses_are_recorded_with_their_stacks_and_are_no_measurement(
        self, emulate: Execute
    ) -> None:
        run = emulate(record="l1d_misses")
        assert run.outcome is Outcome.OK
        assert ";main" in run.folded
        assert not run.samples
