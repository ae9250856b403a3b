"""Which libraries a program needs: what its own loader would map."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from runners.qemu_system.libraries import closure

SHELL = Path("/bin/sh").resolve()


def _mapped() -> dict[str, Path]:
    """Libraries of the shell by name, as the loader tells them."""
    told = subprocess.run(["ldd", SHELL], capture_output=True, text=True, check=True).stdout
    paths = [Path(word) for word in told.split() if word.startswith("/")]
    return {path.name: path for path in paths}


def test_the_closure_is_what_the_loader_maps(tmp_path: Path) -> None:
    for path in _mapped().values():
        shutil.copy(path, tmp_path)
    found = closure(SHELL, tmp_path)
    assert found.keys() == _mapped().keys()
    assert all(path.is_relative_to(tmp_path) for path in found.values())


def test_a_library_that_no_package_has_is_named(tmp_path: Path) -> None:
    (tmp_path / "libc.so.6").symlink_to("/etc/passwd")
    with pytest.raises(Unavailable, match="needs "):
        closure(SHELL, tmp_path)


def test_what_is_no_elf_file_is_said(tmp_path: Path) -> None:
    script = tmp_path / "perf"
    script.write_text("#!/bin/sh\n")
    with pytest.raises(Unavailable, match="no ELF file"):
        closure(script, tmp_path)
