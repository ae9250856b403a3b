"""The boards of one project: the inventory, and a runner for each machine in it."""

import contextlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path

import click

from pagewalk.files import write_whole
from pagewalk.inventories import Entry
from pagewalk.plugins import ON_REQUEST, RUNNERS
from pagewalk.protocols import Runner
from runners.inventory import GUEST, inventory_path, read_inventory, with_entry
from runners.qemu_system.runner import QemuSystem
from runners.ssh.runner import Ssh

_OURS = "runners.ssh:discover"


class Boards:
    """What `runners/machines.toml` says, see `pagewalk.inventories.Inventory`.

    Args:
        root: the project.
    """

    def __init__(self, root: Path) -> None:
        self.path = inventory_path(root)

    def entries(self) -> Sequence[Entry]:
        return read_inventory(self.path, self._taken)

    def runner(self, entry: Entry) -> Runner:
        if entry.transport == GUEST:
            return QemuSystem(entry.target.architecture, entry.name, entry.timeout, _tell)
        return Ssh(entry)

    def add(self, entry: Entry, *, only_try: bool = False) -> None:
        new = with_entry(self.path, entry, self._taken)
        if not only_try:
            write_whole(self.path, new)

    @cached_property
    def _taken(self) -> frozenset[str]:
        """Names of all runners that are no boards."""
        return frozenset(name for runner in _others() for name in (runner.name, runner.machine))


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _others() -> Iterator[Runner]:
    for entry in (*entry_points(group=RUNNERS), *entry_points(group=ON_REQUEST)):
        if entry.value != _OURS:
            # A plugin that raises is told of by those who load all; it has no names to share.
            with contextlib.suppress(Exception):
                yield from entry.load()()
