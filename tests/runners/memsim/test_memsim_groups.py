"""Accesses that the plugin knows from one another: they are those that the emulator tells."""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from guests import ALONE, FIXTURES, Build, sources

from pagewalk.model import Target
from runners.counters.memsim import EMULATORS
from runners.memsim.geometries import load_geometry
from runners.memsim.plugin import FLAGS, SOURCES, find_compiler, plugin
from runners.memsim.probe import plugin_option
from runners.qemu_user import QemuUser

pytestmark = pytest.mark.slow

WORKLOADS = [("churn", "--loops=2"), ("sh6", "--loops=1"), ("walk", "--loops=1")]
PLACED = [("churn", "--loops=2"), ("walk", "--loops=1")]
"""Of them, those that get the same addresses each time; sh6 maps where the emulator has room."""

Lines = list[Mapping[str, int]]
Execute = Callable[..., Lines]


@pytest.fixture(params=["x86_64", "arm64", "riscv64"])
def architecture(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def execute(architecture: str, build: Build, tmp_path: Path) -> Execute:
    """Execute a workload under a plugin with more arguments; return the lines it left after the header."""
    if shutil.which(EMULATORS[architecture]) is None:
        pytest.skip(f"{EMULATORS[architecture]} is not installed: apt-get install qemu-user")
    emulator, *fixed = QemuUser(Target(architecture)).emulator

    def run(library: Path, workload: str, how: str, *arguments: str) -> Lines:
        out = tmp_path / "-".join((workload, *arguments))
        geometry = load_geometry(architecture).arguments(architecture)
        option = plugin_option(library, f"out={out}", *geometry, *arguments)
        fixture = FIXTURES / f"{workload}.c"
        program = build(architecture, *([fixture] if fixture.exists() else sources(workload)))
        command = (*ALONE, emulator, *option, *fixed, str(program), *how.split())
        subprocess.run(command, check=True, capture_output=True)
        return [json.loads(line) for line in out.read_text().splitlines()[1:]]

    return run


@pytest.mark.parametrize(("workload", "loops"), WORKLOADS)
def test_every_access_that_is_not_asked_for_is_the_one_that_the_emulator_makes(
    execute: Execute, workload: str, loops: str
) -> None:
    *_, end = execute(plugin(), workload, loops, "check=on")
    assert end["wrong"] == 0
    assert end["told"] > 100_000
    assert end["grouped"] > 0.75 * end["told"]


def test_accesses_of_code_that_is_written_anew_are_those_of_the_new_code(execute: Execute) -> None:
    *_, end = execute(plugin(), "memsim_guest", "rewrite 1000", "check=on")
    assert end["wrong"] == 0
    assert end["grouped"] > 4000


@pytest.mark.parametrize(("workload", "loops"), PLACED)
def test_counts_are_those_of_the_model_that_is_told_each_access(
    execute: Execute, workload: str, loops: str
) -> None:
    assert execute(plugin(), workload, loops) == execute(plugin(), workload, loops, "group=off")


@pytest.mark.parametrize("architecture", ["riscv64"], indirect=True)
def test_a_decoder_that_is_wrong_is_found_out(execute: Execute, tmp_path: Path) -> None:
    folder = tmp_path / "wrong"
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns("*.py", "geometry", "__pycache__"))
    decoder = folder / "effects_riscv.c"
    right = "field(w, 10, 3) << 3 | field(w, 7, 3) << 6, 8);"  # the offset of C.SDSP
    assert right in decoder.read_text()
    decoder.write_text(decoder.read_text().replace(right, right.replace("<< 6", "<< 7")))
    library = folder / "memsim.so"
    subprocess.run([*find_compiler(), *FLAGS, "-o", library, *folder.glob("*.c")], check=True)
    *_, end = execute(library, "churn", "--loops=1", "check=on")
    assert end["wrong"] > 0
