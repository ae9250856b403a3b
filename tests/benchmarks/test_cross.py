"""Every workload for every architecture: built without a warning, and run by an emulator of it."""

import os
import shutil
import signal
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import C_PROGRAMS, C_SOURCES, ENGINE, FIXTURES, PURE_GO, ROOT, WARNINGS, run

from pagewalk.builders.native import C_FLAGS
from pagewalk.errors import Unavailable
from pagewalk.model import Target
from pagewalk.toolchains.platforms import PLATFORMS
from pagewalk.toolchains.zig import c_compiler

pytestmark = pytest.mark.slow
QEMU = {"x86_64": "qemu-x86_64", "arm64": "qemu-aarch64", "riscv64": "qemu-riscv64", "armv7": "qemu-arm"}
GNU = [Target(name) for name in ("x86_64", "arm64", "riscv64")]
STATIC = [Target(name, "musl") for name in QEMU]
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
    """Build a C workload as pagewalk does, with all warnings as errors."""
    folder = tmp_path_factory.mktemp("cross")

    def build(source: Path, target: Target, *options: str) -> Path:
        try:
            compiler = c_compiler(target)
        except Unavailable as error:
            pytest.skip(str(error))
        program = folder / f"{source.stem}-{target}"
        subprocess.run(
            [
                compiler.cc,
                *C_FLAGS,
                *WARNINGS,
                *options,
                "-o",
                program,
                source,
                *ENGINE,
                "-lm",
            ],
            env={**os.environ, **compiler.environment},
            check=True,
        )
        return program

    return build


@pytest.mark.parametrize("target", GNU, ids=str)
@pytest.mark.parametrize("name", C_PROGRAMS)
def test_a_c_workload_builds_against_glibc_without_a_warning(cross: Cross, name: str, target: Target) -> None:
    program = cross(C_SOURCES[name], target)
    assert PLATFORMS[target.architecture].loader.encode() in program.read_bytes()


@pytest.mark.parametrize("target", STATIC, ids=str)
@pytest.mark.parametrize("name", C_PROGRAMS)
def test_a_static_c_workload_runs_under_every_emulator(cross: Cross, name: str, target: Target) -> None:
    program = cross(C_SOURCES[name], target, "-static")
    said = run((emulator(target.architecture), program), "--loops=2")
    assert said.status == 0
    assert said.the("region")["loops"] == 2
    assert said.the("check")
    # A static musl has no dynamic symbols to ask: what is not known is left out.
    assert "allocator" not in said.facts()


def test_what_a_c_workload_did_is_the_same_on_every_architecture(cross: Cross) -> None:
    """The generator and the option's types are of fixed width: so is the work."""
    for name in C_PROGRAMS:
        checks = [
            run((emulator(target.architecture), cross(C_SOURCES[name], target, "-static")), "--loops=2").the(
                "check"
            )
            for target in STATIC
        ]
        assert checks == checks[:1] * len(STATIC)


@pytest.mark.parametrize("target", STATIC, ids=str)
def test_a_crash_is_recorded_on_every_architecture(cross: Cross, target: Target) -> None:
    program = cross(FIXTURES / "crashing.c", target, "-static")
    said = run((emulator(target.architecture), program), "--loops=1", "--how=0")
    assert said.status == -signal.SIGSEGV
    assert said.the("crash")["signal"] == signal.SIGSEGV
    assert said.the("crash")["address"] == "0x10"
    assert int(said.the("crash")["pc"], 16) > 0


@pytest.mark.parametrize("architecture", ["arm64", "riscv64", "armv7"])
@pytest.mark.parametrize("name", PURE_GO)
def test_a_go_workload_runs_under_every_emulator(go_build: Cross, name: str, architecture: str) -> None:
    program = go_build(goarch=PLATFORMS[architecture].goarch) / name
    few = {"gospans": ("--span-mib=8", "--allocations=2"), "golocked": ("--threads=6",)}.get(name, ())
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
