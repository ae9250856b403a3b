"""The machines a user has told us of: what is known of each, and who reads and writes it.

The inventory itself lives with the runners, which know what a transport is; it is found through the entry
point group `pagewalk.inventories`, as runners are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from pagewalk.errors import ConfigError
from pagewalk.model import Target
from pagewalk.protocols import Runner

INVENTORIES = "pagewalk.inventories"
FOLDER = ".cache/pagewalk-board"


@dataclass(frozen=True, slots=True)
class Entry:
    """One machine of the inventory.

    Args:
        name: the runner's name and asv's machine name.
        transport: how it is reached, as `ssh`.
        host: anything the transport takes, for ssh an alias of ~/.ssh/config or user@host.
        folder: where things are kept there, from the home folder where it is relative.
        cpus: processors that workloads are pinned to; empty for the last one that may be used.
        counters: metrics whose hardware events are counted, so that they need not take turns; empty for all.
        timeout: seconds until an execution is killed there; 0 for what each execution asks for.
        config: an ssh configuration to use instead of ~/.ssh/config; empty for the user's own.
    """

    name: str
    target: Target
    transport: str
    host: str
    folder: str = FOLDER
    cpus: tuple[int, ...] = ()
    counters: tuple[str, ...] = ()
    timeout: float = 0.0
    config: str = ""


class Inventory(Protocol):
    """Reads and writes the machines of one project."""

    @property
    def path(self) -> Path: ...

    def entries(self) -> Sequence[Entry]:
        """Return all machines, in the order of the file; none where there is no file.

        Raises:
            ConfigError: the file says something that cannot be meant.
        """
        ...

    def runner(self, entry: Entry) -> Runner:
        """Return the runner of one machine; nothing is connected to yet."""
        ...

    def add(self, entry: Entry, *, only_try: bool = False) -> None:
        """Write one more machine down, whole.

        Args:
            only_try: find out whether that could be done, and write nothing.

        Raises:
            ConfigError: its name is taken, or a value cannot be meant; the file is as it was.
        """
        ...


def open_inventory(root: Path) -> Inventory:
    """Return the inventory of the project at `root`.

    Raises:
        ConfigError: none is installed.
    """
    for entry in entry_points(group=INVENTORIES):
        opened: Inventory = entry.load()(root)
        return opened
    raise ConfigError("No inventory of machines is installed.", "Type: pip install -e .")
