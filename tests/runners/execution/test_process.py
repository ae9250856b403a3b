"""What one process does to us, and that nothing of it stays behind."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from pagewalk.metrics import TIME
from pagewalk.model import Missing, Origin, Outcome, Precision, Provenance, Run, Sample
from pagewalk.protocols import Region

Execute = Callable[..., Run]

REGION = '{"region": "r", "operations": 10, "loops": 1, "seconds": 0.5}'
PROVENANCE = Provenance(Origin.CLOCK, Precision.SAMPLED, "a test")


class Witness:
    """A session that writes down what happens to it."""

    def __init__(self, on_attach: Callable[[int], object] = str) -> None:
        self.calls: list[str] = []
        self.pid = 0
        self._on_attach = on_attach

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        return command

    def attach(self, pid: int) -> None:
        self.pid = pid
        self.calls.append("attach")
        self._on_attach(pid)

    def enable(self) -> None:
        self.calls.append("enable")

    def disable(self) -> None:
        self.calls.append("disable")

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:
        self.calls.append("parse")
        return [Sample(TIME.name, regions[0].seconds, PROVENANCE)]


def alive(marker: str) -> list[int]:
    """Processes whose command line contains `marker`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if marker.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


@pytest.fixture(autouse=True)
def no_descriptor_leaks() -> Iterator[None]:
    before = set(os.listdir("/proc/self/fd"))  # noqa: PTH208  a Path.iterdir leaves its own open longer
    yield
    after = set(os.listdir("/proc/self/fd"))  # noqa: PTH208
    assert len(after) <= len(before)


def test_a_workload_that_keeps_the_contract_is_ok(shell: Execute) -> None:
    run = shell(f'echo \'{REGION}\'; echo \'{{"facts": {{"allocator": "x.so"}}}}\'')
    assert run.outcome is Outcome.OK
    assert run.crash is None
    assert run.facts == {"allocator": "x.so", "loops.r": "1"}


def test_sessions_are_attached_before_the_workload_executes_and_asked_around_its_region(
    execute_command: Execute, workload: Path
) -> None:
    programs: list[Path] = []
    witness = Witness(lambda pid: programs.append(Path(f"/proc/{pid}/exe").readlink()))
    run = execute_command(workload, sessions=(witness,))
    assert programs != [workload]
    assert witness.calls == ["attach", "enable", "disable", "parse"]
    assert run.samples[0].metric == TIME.name


def test_counters_of_an_execution_that_crashed_are_not_asked(
    execute_command: Execute, workload: Path
) -> None:
    witness = Witness()
    run = execute_command(workload, "--mode=segv", sessions=(witness,))
    assert witness.calls == ["attach", "enable"]
    assert run.samples == ()


def test_the_control_channel_is_offered_only_where_someone_wants_it(shell: Execute) -> None:
    script = f"test -z \"$PAGEWALK_CONTROL\" && echo '{REGION}'"
    assert shell(script, control=False).outcome is Outcome.OK
    assert shell(script, control=True).outcome is Outcome.FAILED


def test_the_environment_holds_nothing_of_ours(shell: Execute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GODEBUG", "madvdontneed=1")
    run = shell("env | cut -d= -f1 | sort >&2; false", control=False)
    assert run.crash is not None
    names = set(run.crash.last_output[:-1]) - {"PWD", "OLDPWD", "_", "SHLVL"}  # the testing shell's own
    assert names == {"HOME", "LC_ALL", "PAGEWALK_RUN", "PATH", "TZ"}


def test_a_workload_has_only_the_descriptors_it_is_told_of(execute_command: Execute) -> None:
    run = execute_command("/bin/ls", "/proc/self/fd")
    assert run.crash is not None
    assert run.outcome is Outcome.FAILED
    assert set(run.crash.last_output[:-1]) == {
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
    }  # 3 is ls's own view of the folder


ENDINGS = {
    "segv": (Outcome.CRASHED, "SIGSEGV", 0x10),
    "abort": (Outcome.CRASHED, "SIGABRT", None),
    "exit-3": (Outcome.FAILED, "", None),
    "exit-in-region": (Outcome.FAILED, "", None),
    "enomem": (Outcome.OUT_OF_MEMORY, "", None),
    "deaf": (Outcome.OK, "", None),
    "no-marks": (Outcome.OK, "", None),
}


@pytest.mark.parametrize("mode", ENDINGS)
def test_every_way_to_end_has_its_outcome(execute_command: Execute, workload: Path, mode: str) -> None:
    outcome, name, address = ENDINGS[mode]
    run = execute_command(workload, f"--mode={mode}")
    assert run.outcome is outcome
    if run.crash:
        assert (run.crash.signal, run.crash.fault_address) == (name, address)


def test_a_silent_death_is_found_in_the_kernel_log(execute_command: Execute, workload: Path) -> None:
    if not os.access("/dev/kmsg", os.R_OK) or os.uname().machine != "x86_64":
        pytest.skip("/dev/kmsg cannot be read here: run as root, or sysctl kernel.dmesg_restrict=0")
    # The kernel logs ten of these in five seconds and drops the rest, so a neighbour's crashes may hide ours.
    runs = [execute_command(workload, "--mode=raw-segv") for _ in range(3)]
    assert {run.crash.signal for run in runs if run.crash} == {"SIGSEGV"}
    assert 0x10 in {run.crash.fault_address for run in runs if run.crash}


def test_a_time_out_kills_a_child_that_ignores_sigterm(execute_command: Execute, workload: Path) -> None:
    witness = Witness()
    run = execute_command(workload, "--mode=hang", sessions=(witness,), timeout=0.3)
    assert run.outcome is Outcome.TIMEOUT
    assert not Path(f"/proc/{witness.pid}").exists()


def test_daemons_that_left_the_group_are_killed_too(execute_command: Execute, workload: Path) -> None:
    copy = workload.with_name("daemonising")
    copy.unlink(missing_ok=True)
    copy.hardlink_to(workload)
    assert execute_command(copy, "--mode=daemon").outcome is Outcome.OK
    deadline = time.monotonic() + 5  # a killed process is gone when its parent, init, has reaped it
    while alive(str(copy)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert alive(str(copy)) == []


def test_a_child_that_holds_the_pipes_open_does_not_hold_us_up(shell: Execute) -> None:
    start = time.monotonic()
    run = shell(f"sleep 60 & echo '{REGION}'")
    assert run.outcome is Outcome.OK
    assert time.monotonic() - start < 10


def test_ctrl_c_kills_and_reaps_before_it_goes_on(execute_command: Execute, workload: Path) -> None:
    witness = Witness(lambda _: threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start())
    # In the background of a shell SIGINT is ignored, and Python then leaves it so.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            execute_command(workload, "--mode=hang", sessions=(witness,))
    finally:
        signal.signal(signal.SIGINT, before)
    assert not Path(f"/proc/{witness.pid}").exists()


def test_a_session_that_fails_to_attach_leaves_no_process(execute_command: Execute, workload: Path) -> None:
    def refuse(pid: int) -> None:
        raise OSError("no more counters")

    witness = Witness(refuse)
    with pytest.raises(OSError, match="no more counters"):
        execute_command(workload, sessions=(witness,))
    assert not Path(f"/proc/{witness.pid}").exists()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo garbage", "line 1 of stdout is not JSON: garbage"),
        (f"echo '{REGION}'; echo '[1]'", "line 2 of stdout is not a JSON object: [1]"),
        ("""echo '{"region": "r", "operations": 0, "seconds": 1}'""", "no positive integer of operations"),
        ("""echo '{"region": "r", "operations": 1, "seconds": NaN}'""", "is not JSON"),
        (f"echo '{REGION}'; echo destroy >&4", "neither enable nor disable on the control channel"),
        ("true", "without a region of interest"),
    ],
)
def test_a_broken_contract_is_a_failure_that_says_what_was_seen(
    shell: Execute, script: str, said: str
) -> None:
    run = shell(script)
    assert run.outcome is Outcome.FAILED
    assert said in run.facts["failure"]
    assert run.crash is not None
    assert run.facts["failure"] in run.crash.last_output[-1]


def test_closed_descriptors_are_survived(shell: Execute) -> None:
    assert shell("exec 1>&- 2>&- 4>&- 5>&-; sleep 0.1").outcome is Outcome.FAILED


def test_a_command_that_does_not_exist_is_no_success(execute_command: Execute) -> None:
    run = execute_command("/nonexistent/workload")
    assert run.outcome is Outcome.FAILED
    assert run.crash is not None
    assert run.crash.exit_status == 127


def test_a_status_above_128_is_a_signal_only_where_it_was_relayed(shell: Execute) -> None:
    assert shell("exit 139").outcome is Outcome.FAILED
    relayed = shell("exit 139", relayed=True)
    assert relayed.outcome is Outcome.CRASHED
    assert relayed.crash is not None
    assert relayed.crash.signal == "SIGSEGV"


@pytest.mark.slow
def test_a_flood_of_100_megabytes_costs_no_memory(shell: Execute) -> None:
    before = _resident()
    run = shell("yes 0123456789 | head -c 100000000 >&2; yes flood | head -c 100000000; exit 7")
    assert run.outcome is Outcome.FAILED
    assert run.crash is not None
    assert run.crash.exit_status == 7
    assert len(run.crash.last_output) <= 101
    assert _resident() - before < 20 << 20


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
