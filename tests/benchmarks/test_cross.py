"""Every workload for every architecture: built without a warning, and run by an emulator of it."""

import functools
import json
import os
import shutil
import signal
import subprocess
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from batch import build_batch
from declared import supported
from driving_workloads import ENGINE, FIXTURES, PURE_GO, ROOT, WARNINGS, Said, run
from small_arguments import small

from pagewalk.builders.native import C_FLAGS
from pagewalk.errors import Unavailable
from pagewalk.model import Target
from pagewalk.toolchains.platforms import PLATFORMS
from pagewalk.toolchains.zig import c_compiler

pytestmark = pytest.mark.slow
together = pytest.mark.xdist_group("cross")  # one worker builds all C workloads for a target, once
QEMU = {"x86_64": "qemu-x86_64", "arm64": "qemu-aarch64", "riscv64": "qemu-riscv64", "armv7": "qemu-arm"}
GNU = [Target(name) for name in QEMU]
STATIC = [Target(name, "musl") for name in QEMU]
FEW = {
    "gospans": ("--span-mib=8", "--allocations=2"),
    "golocked": ("--threads=6",),
    "gocollect": ("--live-mib=2",),
}
RELEASES = [
    release["version"] for release in tomllib.loads((ROOT / "subjects/go.toml").read_text())["release"]
]


def emulator(architecture: str) -> str:
    found = shutil.which(QEMU[architecture])
    if found is None:
        pytest.skip(f"no {QEMU[architecture]}: apt-get install qemu-user")
    return found


Cross = Callable[..., Path]


@pytest.fixture(scope="session")
def cross(tmp_path_factory: pytest.TempPathFactory) -> Cross:
    """Build all C workloads for a target as pagewalk does, with all warnings as errors; once a session."""
    folder = tmp_path_factory.mktemp("cross")

    @functools.cache
    def build(target: Target, *options: str) -> Path:
        try:
            compiler = c_compiler(target)
        except Unavailable as error:
            pytest.skip(str(error))
        command = (compiler.cc, *C_FLAGS, *WARNINGS, *options)
        return build_batch(folder / str(target), command, supported(target), compiler.environment)

    return build


@pytest.fixture(scope="session")
def emulated(cross: Cross) -> Callable[[Target], dict[str, Said]]:
    """What each workload says under the emulator of a target, by its name; once a session."""

    @functools.cache
    def run_all(target: Target) -> dict[str, Said]:
        program, emulate = cross(target, "-static"), emulator(target.architecture)

        def run_one(name: str) -> Said:
            return run((emulate, program, name), "--loops=2", *small(name)[0])

        with ThreadPoolExecutor(2) as pool:
            return dict(zip(supported(target), pool.map(run_one, supported(target)), strict=True))

    return run_all


Emulated = Callable[[Target], dict[str, Said]]


@together
@pytest.mark.parametrize("target", GNU, ids=str)
def test_all_c_workloads_build_against_glibc_without_a_warning(cross: Cross, target: Target) -> None:
    assert PLATFORMS[target.architecture].loader.encode() in cross(target).read_bytes()


@together
@pytest.mark.parametrize("target", STATIC, ids=str)
def test_every_static_c_workload_runs_under_every_emulator(emulated: Emulated, target: Target) -> None:
    for name, said in emulated(target).items():
        assert (said.status, said.stderr) == (0, ""), name
        assert said.the("region")["loops"] == 2, name
        assert said.the("check"), name
        # A static musl has no dynamic symbols to ask: what is not known is left out.
        assert "allocator" not in said.facts(), name


@together
def test_what_a_c_workload_did_is_the_same_on_every_architecture(emulated: Emulated) -> None:
    """The generator and the option's types are of fixed width: so is the work."""
    checks: dict[str, set[str]] = {}
    for target in STATIC:
        for name, said in emulated(target).items():
            checks.setdefault(name, set()).add(json.dumps(said.the("check"), sort_keys=True))
    assert {name: found for name, found in checks.items() if len(found) != 1} == {}


@pytest.mark.parametrize("target", STATIC, ids=str)
def test_a_crash_is_recorded_on_every_architecture(tmp_path: Path, target: Target) -> None:
    program = tmp_path / "crashing"
    compiler = c_compiler(target)
    flags: tuple[str | Path, ...] = (*C_FLAGS, *WARNINGS, "-static", "-o", program)
    command = [compiler.cc, *flags, FIXTURES / "crashing.c", *ENGINE]
    subprocess.run(command, env={**os.environ, **compiler.environment}, check=True)
    said = run((emulator(target.architecture), program), "--loops=1", "--how=0")
    assert said.status == -signal.SIGSEGV
    assert said.the("crash")["signal"] == signal.SIGSEGV
    assert said.the("crash")["address"] == "0x10"
    assert int(said.the("crash")["pc"], 16) > 0


@pytest.mark.parametrize("architecture", ["arm64", "riscv64", "armv7"])
@pytest.mark.parametrize("name", PURE_GO)
def test_a_go_workload_runs_under_every_emulator(go_build: Cross, name: str, architecture: str) -> None:
    program = go_build(goarch=PLATFORMS[architecture].goarch) / name
    few = FEW.get(name, ())
    said = run((emulator(architecture), program), "--loops=1", *few)
    assert said.status == 0, said.stderr
    assert said.the("region")["operations"] > 0


@pytest.mark.parametrize(
    ("release", "goarch"),
    [(RELEASES[0], "amd64"), (RELEASES[0], "arm"), (RELEASES[-1], "amd64"), (RELEASES[-1], "arm")],
)
def test_the_oldest_and_the_newest_release_build_every_go_workload(
    go_build: Cross, release: str, goarch: str
) -> None:
    folder = go_build(release, goarch)
    assert sorted(path.name for path in folder.iterdir()) == PURE_GO
