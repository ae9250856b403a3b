"""A workload that the kernel really kills for want of memory, in a control group with a limit."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pagewalk.model import Outcome, Run
from runners.counters.process_status import ProcessStatusSession

Execute = Callable[..., Run]

LIMIT = 32 << 20


@pytest.fixture
def tasks() -> Iterator[Path]:
    """The file that takes a process into a control group of 32 MiB without swap."""
    root = Path("/sys/fs/cgroup")
    version_1 = (root / "memory").is_dir()
    group = (root / "memory" if version_1 else root) / f"pagewalk-test-{os.getpid()}"
    try:
        group.mkdir()
    except OSError as error:
        pytest.skip(f"no control group can be made here: {error.strerror}")
    try:
        limit = group / ("memory.limit_in_bytes" if version_1 else "memory.max")
        limit.write_text(str(LIMIT))
        yield group / "cgroup.procs"
    except OSError as error:
        pytest.skip(f"no memory limit can be set here: {error.strerror}")
    finally:
        with contextlib.suppress(OSError):
            group.rmdir()


class Confine(ProcessStatusSession):
    """Takes the process into the group while it waits at the gate."""

    def __init__(self, tasks: Path) -> None:
        super().__init__()
        self._tasks = tasks

    def attach(self, pid: int) -> None:
        self._tasks.write_text(str(pid))
        super().attach(pid)


@pytest.mark.slow
def test_a_kill_for_want_of_memory_is_told_from_any_other_kill(
    execute_command: Execute, workload: Path, tasks: Path
) -> None:
    if not os.access("/dev/kmsg", os.R_OK):
        pytest.skip("/dev/kmsg cannot be read here: run as root, or sysctl kernel.dmesg_restrict=0")
    assert execute_command(workload, "--pages=100", sessions=(Confine(tasks),)).outcome is Outcome.OK
    run = execute_command(workload, "--pages=40000", sessions=(Confine(tasks),))
    assert run.outcome is Outcome.OUT_OF_MEMORY
    assert run.crash is not None
    assert run.crash.signal == "SIGKILL"
    killed = execute_command("/bin/sh", "-c", "kill -9 $$")
    assert killed.outcome is Outcome.CRASHED
