"""Temporary siblings of files and folders, and how those are told that nobody will finish any more."""

import contextlib
import os
import re
import shutil
import socket
from pathlib import Path

_HOST = re.sub(r"[^A-Za-z0-9]", "", socket.gethostname())[:20]
_LONGEST = 100
_OURS = re.compile(rf"\..*\.{_HOST}-(\d+)\.[^.]+\.(?:part|tmp)", re.DOTALL)


def prefix_of(name: str) -> str:
    """Return how the name of a temporary sibling of `name` begins: hidden, and with who makes it.

    Of a long name the beginning does: file systems take 255 bytes.
    """
    return f".{name[:_LONGEST]}.{_HOST}-{os.getpid()}."


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
