"""The test workload, compiled once a session, and ways to execute things."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.builders.workload import find_workload
from pagewalk.model import Run
from pagewalk.protocols import CounterSession
from runners.execution.process import BASE_ENVIRONMENT, Execution, execute

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def workload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of fixtures/workload.c, built for this host."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: apt-get install gcc")
    program = tmp_path_factory.mktemp("workload") / "workload"
    subprocess.run(
        [compiler, "-O1", "-w", "-static", "-pthread", "-o", program, FIXTURES / "workload.c"], check=True
    )
    return program


@pytest.fixture(scope="session")
def crashing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workload that keeps to the contract and dies in the way it is told."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: apt-get install gcc")
    root = FIXTURES.parents[2]
    program = tmp_path_factory.mktemp("crashing") / "crashing"
    inputs = [text for text in find_workload("churn", "c", root).inputs if not text.endswith("churn.c")]
    source = root / "tests/benchmarks/fixtures/crashing.c"
    subprocess.run([compiler, "-O1", "-g", "-pthread", "-o", program, source, *inputs], check=True)
    return program


Execute = Callable[..., Run]


@pytest.fixture
def execute_command(tmp_path: Path) -> Execute:
    """Execute a command line under the contract, by default with the control channel and no counters."""

    def run(
        *command: str | Path, sessions: tuple[CounterSession, ...] = (), timeout: float = 20.0, **more: object
    ) -> Run:
        def arrange(environment: tuple[str, ...]) -> tuple[str, ...]:
            line: tuple[str, ...] = (*environment, *map(str, command))
            for session in sessions:
                line = tuple(session.wrap(line))
            return line

        return execute(Execution(arrange, BASE_ENVIRONMENT, sessions, timeout, tmp_path, **more))  # type: ignore[arg-type]

    return run


@pytest.fixture
def shell(execute_command: Execute) -> Execute:
    """Execute a shell script as a workload."""
    return lambda script, **more: execute_command("/bin/sh", "-c", script, **more)
