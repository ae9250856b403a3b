"""A PostgreSQL server of one's own for as long as a test needs it, on a socket in a folder and no port."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 180
"""Seconds for a step of it; a machine that does much else is slow to sync a new database."""


def programs() -> Path | None:
    """Return the folder of the server's programs; None where it is not installed."""
    on_path = shutil.which("initdb")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = Path(on_path) if on_path else versions[-1] if versions else None
    return found.parent if found else None


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Run a server; yields the URL of an empty database."""
    # a socket has a short path, which the user who serves must reach: not below $TMPDIR
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    user = _user()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    _as(user, [str(binaries / "initdb"), "-D", str(data), "-U", "bench", "-A", "trust", "--no-sync"])
    control = [str(binaries / "pg_ctl"), "-D", str(data), "-w", "-t", str(PATIENCE)]
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    _as(user, [*control, "-l", str(folder / "log"), "-o", options, "start"])
    try:
        yield f"postgresql+psycopg://bench@/postgres?host={folder}"
    finally:
        _as(user, [*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder)


def _user() -> str | None:
    """Return whose server it must be: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _as(user: str | None, command: Sequence[str]) -> None:
    # the server keeps what it inherits, so it must inherit no pipe that somebody reads to its end
    subprocess.run(command, user=user, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL, cwd="/")
