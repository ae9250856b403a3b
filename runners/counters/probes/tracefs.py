"""Where the kernel's tracepoints are described, and probes are placed (Documentation/trace/ftrace.rst)."""

import os
from pathlib import Path

from pagewalk.errors import Unavailable

TRACEFS = (Path("/sys/kernel/tracing"), Path("/sys/kernel/debug/tracing"))


def require_tracefs() -> Path:
    """Return the folder of tracefs.

    Raises:
        Unavailable: there is none that we may read; says what to do.
    """
    for folder in TRACEFS:
        if os.access(folder / "events" / "syscalls", os.R_OK | os.X_OK):
            return folder
    raise Unavailable(
        f"{TRACEFS[0]} cannot be read: tracefs is not mounted for us, or the kernel traces no system calls",
        f"As root: mount -t tracefs nodev {TRACEFS[0]}",
    )
