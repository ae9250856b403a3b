"""Temporary siblings of files and folders, and how those are told that nobody will finish any more."""

import contextlib
import hashlib
import os
import re
import shutil
import socket
from pathlib import Path

_HOST = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]
_LONGEST = 100
_OURS = re.compile(rf"\..*\.{_HOST}-0*(\d+)\.[^.]+\.(?:part|tmp)", re.DOTALL)


def prefix_of(name: str) -> str:
    """Return how the name of a temporary sibling of `name` begins: hidden, and with who makes it.

    Of a long name the beginning does: file systems take 255 bytes. Whoever makes it is told in as many
    characters everywhere, for compilers write the folder they work in into what they make.
    """
    return f".{name[:_LONGEST]}.{_HOST}-{os.getpid():010d}."


def drop_abandoned(folder: Path) -> None:
    """Remove what processes of this machine that are gone left half-made in `folder`.

    Whose process still is there, or was on another machine that shares the folder, stays.
    """
    for path in folder.iterdir():
        match = _OURS.fullmatch(path.name)
        if match is None or Path("/proc", match[1]).exists():
            continue
        with contextlib.suppress(OSError):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
