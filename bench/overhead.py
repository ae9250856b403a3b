"""What one execution costs beside what it measures: from the start of the process to the finished run.

The peer is a process of asv's: `python -m asv_runner … run` executes one benchmark that does nothing.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pagewalk.builders.workload import find_workload
from pagewalk.model import Artifact, Job, Target
from runners.local import discover
from runners.memsim.plugin import find_compiler

ROOT = Path(__file__).parents[1]
ROUNDS = 15


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as folder:
        ours, theirs = _pagewalk(Path(folder)), _asv(Path(folder))
        seconds: dict[str, list[float]] = {"pagewalk, C workload": [], "asv, benchmark process": []}
        for _ in range(ROUNDS):
            seconds["pagewalk, C workload"].append(ours())
            seconds["asv, benchmark process"].append(theirs())
    table = Table("one execution, doing nothing", "median", "of asv's")
    peer = statistics.median(seconds["asv, benchmark process"])
    for name, values in seconds.items():
        median = statistics.median(values)
        table.add_row(name, f"{median * 1e3:.1f} ms", f"{median / peer:.2f}")
    Console().print(table)


def _pagewalk(folder: Path) -> Callable[[], float]:
    program = folder / "churn"
    inputs = find_workload("churn", "c", ROOT).inputs
    subprocess.run([*find_compiler(), "-O2", "-pthread", "-o", str(program), *inputs], check=True)
    (runner,) = discover()
    target = Target(runner.target.architecture, runner.target.libc)
    job = Job(Artifact((str(program),), target, (program,)), ("--loops=1",), exact_loops=1)

    def once() -> float:
        start = time.perf_counter()
        run = runner.execute(job)
        assert run.outcome == "ok", run
        return time.perf_counter() - start

    once()
    return once


def _asv(folder: Path) -> Callable[[], float]:
    suite = folder / "benchmarks"
    suite.mkdir()
    (suite / "__init__.py").write_text("def track_nothing():\n    return 1\n")
    script = Path(__import__("asv").__file__).with_name("benchmark.py")
    command = [
        sys.executable,
        str(script),
        "run",
        str(suite),
        "track_nothing",
        "{}",
        "None",
        str(folder / "result.json"),
    ]

    def once() -> float:
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return time.perf_counter() - start

    once()
    return once
