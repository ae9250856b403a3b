"""Go workloads with C in them: which they are, what they are built with, and that they run."""

import subprocess
from pathlib import Path

import pytest

from pagewalk.build import build
from pagewalk.builders.cgo import has_plugin, imports_c
from pagewalk.model import Artifact, Target
from pagewalk.subjects import load_subject, resolve

ROOT = Path(__file__).parents[2]
QEMU = {"arm64": "qemu-aarch64", "riscv64": "qemu-riscv64"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('package main\n\nimport "C"\n', True),
        ('package main\n\nimport (\n\t"os"\n\t"plugin"\n)\n', True),
        ('package main\n\nimport (\n\t"os"\n)\n\nvar words = []string{"C", "plugin"}\n', False),
        ('package main\n\nimport "example.org/plugin"\n', False),
        ('package main\n\n// import "C" is what we leave out.\n', False),
    ],
)
def test_a_package_has_c_in_it_where_it_imports_it_or_loads_plugins(
    tmp_path: Path, source: str, expected: bool
) -> None:
    (tmp_path / "main.go").write_text(source)
    assert imports_c(tmp_path) is expected


def test_a_program_has_a_plugin_where_a_package_of_that_name_lies_below_it(tmp_path: Path) -> None:
    (tmp_path / "loads/plugin").mkdir(parents=True)
    (tmp_path / "plain").mkdir()
    assert has_plugin(tmp_path, "loads")
    assert not has_plugin(tmp_path, "plain")


def made(program: str, architecture: str) -> Artifact:
    subject = load_subject("go", ROOT)
    return build(subject, resolve(subject, "go1.25.5"), program, Target(architecture), ROOT)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", QEMU)
def test_a_program_with_c_in_it_brings_its_libc_and_runs_by_its_own_loader(architecture: str) -> None:
    artifact = made("gocgo", architecture)
    loader, program = Path(artifact.command[0]), Path(artifact.command[-1])
    assert loader.name.startswith("ld-linux-")
    assert {loader, program, loader.parent / "libc.so.6"} <= set(artifact.files)
    assert artifact.facts["compiler"].startswith("zig ")
    assert artifact.facts["libc6"]
    done = subprocess.run(
        [QEMU[architecture], *artifact.command, "--loops=1"], capture_output=True, text=True, check=True
    )
    assert '"calls":1024' in done.stdout


@pytest.mark.slow
def test_a_program_of_go_alone_is_one_static_file(tmp_path: Path) -> None:
    artifact = made("gomap", "x86_64")
    (program,) = artifact.files
    assert artifact.command == (str(program),)
    assert "compiler" not in artifact.facts


@pytest.mark.slow
def test_a_plugin_lies_beside_its_program_under_the_same_name() -> None:
    artifact = made("goplugin", "riscv64")
    program = Path(artifact.command[-1])
    assert program.with_name("goplugin.so") in artifact.files
    # A shared object, ET_DYN of the ELF header.
    assert program.with_name("goplugin.so").read_bytes()[16] == 3
