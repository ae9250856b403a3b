"""A file system that is soon full."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str = "1m", *options: str) -> Iterator[None]:
    """Mount a file system of that size over an empty folder; skip where that is not allowed.

    Args:
        options: more of mount(8), as `noexec`.
    """
    mount = ["mount", "-t", "tmpfs", "-o", ",".join((f"size={size}", *options)), "pagewalk", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot mount a small file system, which needs root: {done.stderr.strip()}")
    try:
        yield
    finally:
        # A process that is just being killed may still stand in it.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
