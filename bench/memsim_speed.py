"""How much slower than native a malloc/free churn is under the emulator plugin and its peers.

By hand: `python bench/memsim_speed.py [--rounds 5] [--loops 300]`. Turn by turn, so that a busy machine
slows all alike; processor time of the child, so that waiting for a processor is not counted.
"""

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pagewalk.builders.workload import find_workload
from pagewalk.model import Artifact, Job, Target
from runners.counters.memsim import EMULATORS, Memsim
from runners.memsim.plugin import FLAGS, SOURCES, find_compiler
from runners.memsim.probe import plugin_option

ROOT = Path(__file__).parents[1]
GOALS = {"memsim, instructions only": 6.0, "memsim": 15.0}
"""Times native, at most."""

Command = Callable[[Path], list[str]]


def build(folder: Path) -> Path:
    """Build the churn workload for this host."""
    program = folder / "churn"
    options = ("-O2", "-g", "-fno-omit-frame-pointer", "-pthread", "-o", str(program))
    inputs = find_workload("churn", "c", ROOT).inputs
    subprocess.run([*find_compiler(), *options, *inputs, "-ldl"], check=True)
    return program


def build_floor(folder: Path) -> Path:
    """Build the plugin whose callbacks do nothing: what is above it is the model's own cost."""
    plugin = folder / "floor.so"
    source = str(ROOT / "bench/memsim_floor.c")
    subprocess.run([*find_compiler(), *FLAGS, f"-I{SOURCES}", "-o", str(plugin), source], check=True)
    return plugin


def contenders(program: Path, floor: Path, loops: int) -> Mapping[str, Command]:
    """Return per name what makes the command line, given an empty folder for what it leaves."""
    architecture = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    emulator = shutil.which(EMULATORS[architecture])
    if emulator is None:
        sys.exit(f"{EMULATORS[architecture]} is not installed: apt-get install qemu-user")
    workload = [str(program), f"--loops={loops}"]
    job = Job(Artifact((str(program),), Target(architecture)), (), loops)
    threaded = Job(job.artifact, (), loops, threads=True)

    def counted(source: Memsim, job: Job) -> Command:
        return lambda scratch: list(source.open(scratch, job).wrap([emulator, *workload]))

    found: dict[str, Command] = {
        "native": lambda _: workload,
        "qemu": lambda _: [emulator, *workload],
        "memsim, instructions only": counted(Memsim(architecture, instructions_only=True), job),
        "empty callbacks": lambda _: [emulator, *plugin_option(floor), *workload],
        "memsim": counted(Memsim(architecture), job),
        "memsim, threads": counted(Memsim(architecture), threaded),
    }
    if valgrind := shutil.which("valgrind"):
        caches = ("--I1=32768,8,64", "--D1=32768,8,64", "--LL=2097152,16,64")
        found["cachegrind"] = lambda scratch: [
            *(valgrind, "--tool=cachegrind", "--cache-sim=yes", *caches),
            *(f"--cachegrind-out-file={scratch}/out", *workload),
        ]
    return found


def measure(command: Command) -> float:
    """Execute once; return seconds of processor time in user mode."""
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as scratch:
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run(
            command(Path(scratch)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def render(seconds: Mapping[str, list[float]]) -> Table:
    """Return medians, ranges and ratios of medians."""
    table = Table("what", "median s", "min s", "max s", "x native", "goal")
    native = statistics.median(seconds["native"])
    for name, values in seconds.items():
        middle = statistics.median(values)
        goal = f"≤ {GOALS[name]:g}" if name in GOALS else ""
        numbers = (f"{value:.3f}" for value in (middle, min(values), max(values)))
        table.add_row(name, *numbers, f"{middle / native:.1f}", goal)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--loops", type=int, default=300)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as folder:
        commands = contenders(build(Path(folder)), build_floor(Path(folder)), arguments.loops)
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for command in commands.values():
            measure(command)  # the plugin is compiled, files are read
        for _ in range(arguments.rounds):
            for name, command in commands.items():
                seconds[name].append(measure(command))
    Console().print(f"malloc/free churn, {arguments.loops} loops, {os.cpu_count()} processors, user time")
    Console().print(render(seconds))


if __name__ == "__main__":
    main()
