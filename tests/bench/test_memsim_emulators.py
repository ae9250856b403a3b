"""One emulator beside another: each row is named once, with both and how much longer the second takes."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from bench.memsim_emulators import name_of, render


def test_a_contender_under_both_is_a_row_with_times_native_and_what_the_other_takes() -> None:
    plain = {"7.2.22: qemu": 10.0, "10.0.13: qemu": 12.0}
    medians = {"native": 2.0, **plain, "7.2.22: memsim": 50.0, "10.0.13: memsim": 45.0}
    printed = StringIO()
    Console(file=printed, width=100).print(render("x86_64, glibc", medians, ("7.2.22", "10.0.13")))
    rows = [line.replace("│", " ").split() for line in printed.getvalue().splitlines() if "│" in line]
    assert rows == [["qemu", "5.0", "6.0", "+20%"], ["memsim", "25.0", "22.5", "-10%"]]


def test_an_emulator_is_named_by_the_version_that_it_tells(tmp_path: Path) -> None:
    emulator = tmp_path / "qemu-x86_64"
    emulator.write_text("#!/bin/sh\necho 'qemu-x86_64 version 10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)'\n")
    emulator.chmod(0o755)
    assert name_of(str(emulator)) == "10.0.13"
