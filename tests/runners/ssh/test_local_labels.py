"""Frames that a board's perf names by labels get the names that our own file has."""

import shutil
import subprocess
from pathlib import Path

import pytest

from runners.ssh.local_labels import function_at_address, without_labels

SOURCE = """int touched;
__attribute__((noinline)) int look(int x) { return x + touched; }
int main(int c, char **v) { return look(c); }
"""


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler: apt-get install gcc")
    built = tmp_path_factory.mktemp("labels") / "program"
    subprocess.run(["cc", "-O1", "-no-pie", "-x", "c", "-o", built, "-"], input=SOURCE, text=True, check=True)
    return built


def address_of(program: Path, name: str) -> int:
    lines = subprocess.run(["nm", program], check=True, capture_output=True, text=True).stdout.splitlines()
    return next(int(line.split()[0], 16) for line in lines if line.endswith(f" {name}"))


def test_a_label_becomes_the_function_around_it_and_names_stay(program: Path) -> None:
    inside = address_of(program, "look") + 1
    script = (
        f"w\n\t  {inside:x} .L0 (/there/program)\n\t  1 (*mheap).alloc (/there/$(x) y)\n\t 2 .L9 (/other)\n\n"
    )
    named = without_labels(script, lambda path: program if path == "/there/program" else None)
    assert named == f"w\n\t  {inside:x} look\n\t  1 (*mheap).alloc\n\t 2 .L9\n\n"


def test_an_address_outside_of_the_file_is_nobodys(program: Path, tmp_path: Path) -> None:
    assert function_at_address(program, address_of(program, "main")) == "main"
    assert function_at_address(program, 2**64 - 1) == ""
    assert function_at_address(tmp_path / "gone", 1) == ""
