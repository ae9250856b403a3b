"""How much slower than native a malloc/free churn is under the emulator plugin and its peers.

By hand: `python bench/memsim_speed.py [--rounds 3] [--loops 1000]`. Turn by turn, so that a busy machine
slows all alike; processor time of the child, so that waiting for a processor is not counted. Then the same
of guests of each architecture, built by zig against musl; native is the one that this host executes.
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
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pagewalk.builders.workload import find_workload
from pagewalk.cache import cache_root
from pagewalk.model import Artifact, Job, Target
from runners.counters.memsim import EMULATORS, Memsim
from runners.memsim.plugin import FLAGS, SOURCES, find_compiler
from runners.memsim.probe import plugin_option

ROOT = Path(__file__).parents[1]
HOST = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
ONLY = "memsim, instructions only"
GOALS = {ONLY: 6.0, "memsim": 15.0}
"""Times native, at most."""

GUESTS = {
    "x86_64": "x86_64-linux-musl",
    "arm64": "aarch64-linux-musl",
    "riscv64": "riscv64-linux-musl",
}
"""Zig's names of the targets."""

LIVE = (1_000, 100_000)
"""Blocks alive at a time: the first fit into a cache; for the others, 8 MB, a native processor waits, too."""

Command = Callable[[Path], list[str]]


def build(folder: Path, name: str = "churn", *more: str) -> Path:
    """Build the churn workload for this host, with `more` options of the compiler."""
    program = folder / name
    options = ("-O2", "-g", "-fno-omit-frame-pointer", "-pthread", *more, "-o", str(program))
    inputs = find_workload("churn", "c", ROOT).inputs
    subprocess.run([*find_compiler(), *options, *inputs, "-ldl"], check=True)
    return program


def build_plugin(source: str, folder: Path) -> Path:
    """Build a plugin of this folder."""
    plugin = folder / f"{source}.so"
    path = str(ROOT / "bench" / source)
    inputs = (path, str(SOURCES / "versions.c"))
    subprocess.run([*find_compiler(), *FLAGS, f"-I{SOURCES}", "-o", str(plugin), *inputs], check=True)
    return plugin


def build_guest(architecture: str, folder: Path) -> Path:
    """Build the churn workload for another architecture, statically."""
    program = folder / f"churn-{architecture}"
    options = ("-target", GUESTS[architecture], "-static", "-O2", "-g", "-fno-omit-frame-pointer")
    inputs = find_workload("churn", "c", ROOT).inputs
    command = [sys.executable, "-m", "ziglang", "cc", *options, "-fno-sanitize=undefined", "-o", str(program)]
    environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(cache_root() / "zig")}
    subprocess.run([*command, *map(str, inputs)], check=True, env=environment)
    return program


def workload(program: Path, loops: int, live: int = LIVE[0]) -> list[str]:
    """Return the command line that churns so many loops with so many blocks alive."""
    return [str(program), f"--loops={loops}", f"--live={live}"]


def emulated(
    architecture: str, churn: Sequence[str], floor: Path, loops: int, emulator: str | None = None
) -> Mapping[str, Command]:
    """Return the contenders of a guest: with each, the emulator (the installed one) executes `churn`."""
    emulator = emulator or shutil.which(EMULATORS[architecture])
    if emulator is None:
        sys.exit(f"{EMULATORS[architecture]} is not installed: apt-get install qemu-user")
    job = Job(Artifact((churn[0],), Target(architecture)), (), loops)
    threaded = Job(job.artifact, (), loops, threads=True)

    def counted(source: Memsim, job: Job) -> Command:
        return lambda scratch: list(source.open(scratch, job).wrap([emulator, *churn]))

    return {
        "qemu": lambda _: [emulator, *churn],
        ONLY: counted(Memsim(architecture, instructions_only=True), job),
        "empty callbacks": lambda _: [emulator, *plugin_option(floor), *churn],
        "memsim": counted(Memsim(architecture), job),
        "memsim, threads": counted(Memsim(architecture), threaded),
        "memsim, fetches": counted(Memsim(architecture, fetches=True), job),
    }


def contenders(churn: Sequence[str], floor: Path, loops: int) -> Mapping[str, Command]:
    """Return per name what makes the command line, given an empty folder for what it leaves."""
    found: dict[str, Command] = {"native": lambda _: [*churn], **emulated(HOST, churn, floor, loops)}
    if valgrind := shutil.which("valgrind"):
        caches = ("--I1=32768,8,64", "--D1=32768,8,64", "--LL=2097152,16,64")
        found["cachegrind"] = lambda scratch: [
            *(valgrind, "--tool=cachegrind", "--cache-sim=yes", *caches),
            *(f"--cachegrind-out-file={scratch}/out", *churn),
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


def take_turns(commands: Mapping[str, Command], rounds: int) -> Mapping[str, list[float]]:
    """Return per contender the seconds of each round, after one that compiles the plugin and reads files."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for command in commands.values():
        measure(command)
    for _ in range(rounds):
        for name, command in commands.items():
            seconds[name].append(measure(command))
    return seconds


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
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--loops", type=int, default=1000)
    arguments = parser.parse_args()
    rounds, loops = arguments.rounds, arguments.loops
    console = Console()
    console.print(f"malloc/free churn, {loops} loops, {os.cpu_count()} processors, user time")
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as name:
        folder = Path(name)
        # Its callbacks do nothing: what is above it is the model's own cost.
        floor = build_plugin("memsim_floor.c", folder)
        program = build(folder)
        for live in LIVE:
            console.print(f"\n{HOST}, this host's C library, {live:,} blocks alive")
            found = contenders(workload(program, loops, live), floor, loops)
            console.print(render(take_turns(found, rounds)))
        if find_spec("ziglang") is None or HOST not in GUESTS:
            console.print("No guests of other architectures: pip install 'pagewalk[native]'")
            return
        native = workload(build_guest(HOST, folder), loops)
        for architecture in GUESTS:
            program = build_guest(architecture, folder)
            guest = emulated(architecture, workload(program, loops), floor, loops)
            console.print(f"\n{architecture}, musl")
            console.print(render(take_turns({"native": lambda _: native, **guest}, rounds)))


if __name__ == "__main__":
    main()
