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

from pagewalk.build import build
from pagewalk.builders.workload import find_workload
from pagewalk.model import Artifact, Job, Target
from pagewalk.subjects import load_subject, resolve
from pagewalk.toolchains.platforms import host_architecture
from runners.local import discover
from runners.memsim.plugin import find_compiler

ROOT = Path(__file__).parents[1]
ROUNDS = 15
GO_RELEASE = "go1.25.5"
C, GO, ASV = "pagewalk, C workload", "pagewalk, Go workload", "asv, benchmark process"
GOALS = {C: "20 ms", GO: "30 ms"}


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as folder:
        contenders = {
            C: _pagewalk(_c(Path(folder)), ("--loops=1",)),
            GO: _pagewalk(_go(), ("--loops=1",)),
            ASV: _asv(Path(folder)),
        }
        seconds: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(ROUNDS):
            for name, once in contenders.items():
                seconds[name].append(once())
    table = Table("one execution, doing nothing", "median", "of asv's", "goal")
    peer = statistics.median(seconds[ASV])
    for name, values in seconds.items():
        median = statistics.median(values)
        table.add_row(name, f"{median * 1e3:.1f} ms", f"{median / peer:.2f}", GOALS.get(name, ""))
    Console().print(table)


def _pagewalk(artifact: Artifact, arguments: tuple[str, ...]) -> Callable[[], float]:
    (runner,) = discover()
    job = Job(artifact, arguments, exact_loops=1)

    def once() -> float:
        start = time.perf_counter()
        run = runner.execute(job)
        assert run.outcome == "ok", run
        return time.perf_counter() - start

    once()
    return once


def _c(folder: Path) -> Artifact:
    program = folder / "churn"
    inputs = find_workload("churn", "c", ROOT).inputs
    subprocess.run([*find_compiler(), "-O2", "-pthread", "-o", str(program), *inputs], check=True)
    return Artifact((str(program),), Target(host_architecture()), (program,))


def _go() -> Artifact:
    subject = load_subject("go", ROOT)
    target = Target(host_architecture())
    return build(subject, resolve(subject, GO_RELEASE), "gorand", target, ROOT, lambda _: None)


def _asv(folder: Path) -> Callable[[], float]:
    suite = folder / "benchmarks"
    suite.mkdir()
    (suite / "__init__.py").write_text("def track_nothing():\n    return 1\n")
    script = Path(str(__import__("asv").__file__)).with_name("benchmark.py")
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
