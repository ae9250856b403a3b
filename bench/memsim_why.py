"""Where the time of an emulated malloc/free churn goes on x86_64, before any model.

By hand: `python -m bench memsim-why [--rounds 3] [--loops 400]`. What a pair of malloc and free is to the
emulator is counted, so that it repeats. Then how the plain emulator's time moves with what could spare it
work: another CPU's features, and calls that need no PLT, or no other library.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.memsim_speed import HOST, build, build_guest, build_plugin, take_turns
from runners.counters.memsim import EMULATORS
from runners.memsim.probe import plugin_option

PAIRS_A_LOOP = 4096
COUNTED = 100
"""Loops; counts of one loop are taken off, with all of start-up."""

ROWS = ("instructions", "accesses to memory", "blocks of code", "blocks looked up by address")
OWN = "% of time in the emulator's own code"
_SHARE = re.compile(r"^\s*(\d+\.\d+)%\s+(\S+)", re.MULTILINE)


def count(emulator: str, plugin: Path, program: Path) -> list[float]:
    """Return what `ROWS` name, per pair of malloc and free."""

    def total(loops: int) -> list[int]:
        command = [emulator, *plugin_option(plugin), str(program), f"--loops={loops}"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return [int(word) for word in done.stderr.split()]

    differences = zip(total(1 + COUNTED), total(1), strict=True)
    return [(many - one) / COUNTED / PAIRS_A_LOOP for many, one in differences]


def own_share(emulator: str, program: Path, loops: int, folder: Path) -> str:
    """Return how much of the plain emulator's time is not spent in code that it translated, in percent."""
    perf = shutil.which("perf")
    if perf is None:
        return "no perf"
    data = str(folder / "perf.data")
    command = [emulator, str(program), f"--loops={loops}"]
    subprocess.run(
        [perf, "record", "-q", "-e", "cpu-clock:u", "-o", data, *command], check=True, capture_output=True
    )
    report = [perf, "report", "-i", data, "--stdio", "--sort", "dso"]
    said = subprocess.run(report, check=True, capture_output=True, text=True).stdout
    shares: dict[str, str] = {name: share for share, name in _SHARE.findall(said)}
    return shares.get(Path(emulator).name, "none")


def render_counts(columns: Mapping[str, list[str]]) -> Table:
    table = Table("of a pair of malloc and free", *columns)
    for index, row in enumerate((*ROWS, OWN)):
        table.add_row(row, *(values[index] for values in columns.values()))
    return table


def render_times(programs: Mapping[str, Path], emulator: str, rounds: int, loops: int) -> Table:
    """Return how many times native the plain emulator takes, each program compared with itself."""
    table = Table("plain qemu", "min s", "x native")
    for name, program in programs.items():
        workload = [str(program), f"--loops={loops}"]
        commands = {
            "native": lambda _, workload=workload: workload,
            name: lambda _, workload=workload: [emulator, *workload],
            f"{name}, -cpu qemu64": lambda _, workload=workload: [emulator, "-cpu", "qemu64", *workload],
        }
        seconds = {what: min(found) for what, found in take_turns(commands, rounds).items()}
        for what, value in seconds.items():
            if what != "native":
                table.add_row(what, f"{value:.3f}", f"{value / seconds['native']:.1f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--loops", type=int, default=400)
    arguments = parser.parse_args()
    emulator = shutil.which(EMULATORS["x86_64"])
    if HOST != "x86_64" or emulator is None:
        sys.exit("It compares x86_64 with itself: on such a host, with apt-get install qemu-user")
    console = Console()
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as name:
        folder = Path(name)
        programs = {
            "glibc": build(folder),
            "glibc, no PLT": build(folder, "churn-no-plt", "-fno-plt", "-Wl,-z,now"),
            "glibc, static": build(folder, "churn-static", "-static"),
            "musl, static": build_guest("x86_64", folder),
        }
        plugin = build_plugin("memsim_blocks.c", folder)
        columns = {
            what: [
                *(f"{value:.1f}" for value in count(emulator, plugin, program)),
                own_share(emulator, program, arguments.loops, folder),
            ]
            for what, program in programs.items()
        }
        console.print(render_counts(columns))
        console.print(render_times(programs, emulator, arguments.rounds, arguments.loops))


if __name__ == "__main__":
    main()
