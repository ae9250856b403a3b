"""Boards that are reached by OpenSSH's own client: nothing but a POSIX sh is asked of them."""

import os
from collections.abc import Sequence
from pathlib import Path

from pagewalk.errors import ConfigError
from pagewalk.protocols import Runner


def discover() -> Sequence[Runner]:
    """Return a runner for each machine of the project's inventory; none outside of any project.

    Raises:
        ConfigError: the inventory says something that cannot be meant.
    """
    from pagewalk.commands.options import project_root  # noqa: PLC0415
    from runners.boards import Boards  # noqa: PLC0415

    try:
        root = Path(os.environ["PAGEWALK_ROOT"]) if "PAGEWALK_ROOT" in os.environ else project_root()
    except ConfigError:
        return ()
    boards = Boards(root)
    return [boards.runner(entry) for entry in boards.entries()]
