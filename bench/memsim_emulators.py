"""What the emulator plugin costs under one QEMU and under another, on a malloc/free churn.

By hand: `python -m bench memsim-emulators --other /path/to/qemu-x86_64 [--rounds 5] [--loops 1000]`. The
installed one, the other and native take turns; processor time in user mode. The other is of this host's
architecture and linked dynamically. QEMU's source gives one: `./configure --target-list=x86_64-linux-user
--enable-plugins`.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.memsim_speed import HOST, build, build_guest, build_plugin, emulated, take_turns, workload
from runners.counters.memsim import EMULATORS
from runners.counters.memsim_session import why_not


def name_of(emulator: str) -> str:
    """Return the version it tells of itself, as `10.0.13`."""
    said = subprocess.run([emulator, "--version"], check=True, capture_output=True, text=True).stdout
    return said.partition("version ")[2].split()[0]


def measure(
    program: Path, floor: Path, emulators: Mapping[str, str], rounds: int, loops: int
) -> Mapping[str, float]:
    """Return the median seconds of native, and of each contender under each emulator."""
    native = workload(program, loops)
    commands = {
        f"{name}: {what}": command
        for name, emulator in emulators.items()
        for what, command in emulated(HOST, native, floor, loops, emulator).items()
    }
    seconds = take_turns({"native": lambda _: native, **commands}, rounds)
    return {what: statistics.median(values) for what, values in seconds.items()}


def render(title: str, medians: Mapping[str, float], names: tuple[str, str]) -> Table:
    """Return times native under both, and how much longer the second takes."""
    old, new = names
    table = Table("x native", old, new, f"{new} takes", title=title)
    for whole in medians:
        if not whole.startswith(f"{old}: "):
            continue
        what = whole.removeprefix(f"{old}: ")
        before, after = medians[whole], medians[f"{new}: {what}"]
        times = (f"{value / medians['native']:.1f}" for value in (before, after))
        table.add_row(what, *times, f"{after / before - 1:+.0%}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--other", required=True, help="the other emulator's path")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--loops", type=int, default=1000)
    arguments = parser.parse_args()
    installed = shutil.which(EMULATORS[HOST])
    if installed is None:
        sys.exit(f"{EMULATORS[HOST]} is not installed: apt-get install qemu-user")
    if reason := why_not(arguments.other):
        sys.exit(reason)
    emulators = {name_of(path): path for path in (installed, arguments.other)}
    if len(emulators) < 2:
        sys.exit(f"Both are of version {name_of(installed)}: name another one")
    console = Console()
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as name:
        folder = Path(name)
        floor = build_plugin("memsim_floor.c", folder)
        for libc, program in (("glibc", build(folder)), ("musl", build_guest(HOST, folder))):
            medians = measure(program, floor, emulators, arguments.rounds, arguments.loops)
            old, new = emulators
            console.print(render(f"{HOST}, {libc}", medians, (old, new)))


if __name__ == "__main__":
    main()
