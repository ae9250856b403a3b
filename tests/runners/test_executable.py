"""Files are recognised before they are executed."""

import struct
from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from pagewalk.model import Artifact, Job, Outcome, Target
from runners.executable import executable_kind, unsupported


def program(path: Path, content: bytes, mode: int = 0o755) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def elf(machine: int, big: bool = False) -> bytes:
    ident = b"\x7fELF" + bytes([2, 2 if big else 1, 1]) + bytes(9)
    return ident + struct.pack(">HH" if big else "<HH", 2, machine) + bytes(44)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (elf(62), "x86_64"),
        (elf(183), "arm64"),
        (elf(243), "riscv64"),
        (elf(40), "armv7"),
        (elf(21, big=True), "an ELF file for machine 21"),
        (b"\x7fELF", "neither an ELF file nor a script"),
        (b"#!/bin/sh\n", "a script"),
        (b"", "neither an ELF file nor a script"),
    ],
)
def test_the_kind_of_a_file_is_read_from_its_head(tmp_path: Path, content: bytes, kind: str) -> None:
    assert executable_kind(program(tmp_path / "p", content)) == kind


def test_a_program_for_another_architecture_is_unsupported_not_failed(tmp_path: Path) -> None:
    path = program(tmp_path / "p", elf(243))
    for said, refused in ((Target("riscv64"), "built for"), (Target("x86_64"), "is riscv64")):
        run = unsupported(Job(Artifact((str(path),), said), (), 1), Target("x86_64"))
        assert run is not None
        assert run.outcome is Outcome.UNSUPPORTED
        assert refused in run.facts["failure"]


def test_a_script_is_executed_by_a_kernel_and_refused_where_there_is_none(tmp_path: Path) -> None:
    script = program(tmp_path / "p", b"#!/bin/sh\n")
    job = Job(Artifact((str(script),), Target("x86_64")), (), 1)
    assert unsupported(job, Target("x86_64")) is None
    run = unsupported(job, Target("x86_64"), scripts=False)
    assert run is not None
    assert run.outcome is Outcome.UNSUPPORTED
    assert run.facts["failure"] == (
        f"{script} is a script, and this runner executes x86_64: "
        "name the program that it starts, or measure natively: -r local"
    )


def test_what_is_no_program_is_told_with_what_it_takes(tmp_path: Path) -> None:
    text = program(tmp_path / "p", b"hello\n")
    run = unsupported(Job(Artifact((str(text),), Target("arm64")), (), 1), Target("arm64"))
    assert run is not None
    assert "is neither an ELF file nor a script, and this runner executes arm64" in run.facts["failure"]
    assert "#!/bin/sh" in run.facts["failure"]


def test_musl_or_gnu_makes_no_difference(tmp_path: Path) -> None:
    path = program(tmp_path / "p", elf(62))
    assert unsupported(Job(Artifact((str(path),), Target("x86_64", "musl")), (), 1), Target("x86_64")) is None


def test_a_file_that_is_gone_is_no_result_of_the_workload(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="No such file"):
        executable_kind(tmp_path / "gone")
