"""Guests in the user's inventory: what is no line of theirs is refused by name."""

from pathlib import Path

import pytest

from pagewalk.errors import ConfigError
from pagewalk.inventories import Entry
from pagewalk.model import Target
from runners.boards import Boards
from runners.inventory import read_inventory, with_entry
from runners.qemu_system.runner import QemuSystem

GUEST = Entry("qemu-system-arm64", Target("arm64"), "qemu-system", "arm64", timeout=30.0)


def _read(tmp_path: Path, *lines: str) -> tuple[Entry, ...]:
    path = tmp_path / "machines.toml"
    path.write_text("\n".join(("[[machine]]", 'transport = "qemu-system"', *lines)))
    return read_inventory(path, ())


def test_a_guest_that_is_added_is_read_back_and_is_a_runner(tmp_path: Path) -> None:
    path = tmp_path / "machines.toml"
    path.write_text(with_entry(tmp_path / "no such file", GUEST, ()))
    assert read_inventory(path, ()) == (GUEST,)
    runner = Boards(tmp_path).runner(GUEST)
    assert isinstance(runner, QemuSystem)
    assert (runner.name, runner.machine, runner.emulated) == (GUEST.name, GUEST.name, True)
    assert runner.target == Target("arm64")


def test_where_it_is_need_not_be_said(tmp_path: Path) -> None:
    (entry,) = _read(tmp_path, 'name = "qemu-system-x"', 'target = "riscv64"')
    assert entry.host == "riscv64"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (('name = "board"', 'target = "arm64"'), "does not begin with qemu-system-"),
        (('name = "qemu-system-x"', 'target = "x86_64"'), "no guest for"),
        (('name = "qemu-system-x"', 'target = "arm64"', 'host = "riscv64"'), "host"),
        (('name = "qemu-system-x"', 'target = "arm64"', "cpus = [1]"), "cpus"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, lines: tuple[str, ...], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        _read(tmp_path, *lines)
