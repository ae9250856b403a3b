"""Where the kernel's tracepoints are described, and probes are placed (Documentation/trace/ftrace.rst)."""

import os
from collections.abc import Iterable
from pathlib import Path

TRACEFS = (Path("/sys/kernel/tracing"), Path("/sys/kernel/debug/tracing"))
MOUNT = f"As root: mount -t tracefs nodev {TRACEFS[0]}"


def readable(tracepoints: Iterable[str]) -> frozenset[str]:
    """Return those of some tracepoints, named as `signal:signal_deliver`, that this kernel has for us."""
    return frozenset(name for name in tracepoints if any(_is_there(folder, name) for folder in TRACEFS))


def _is_there(folder: Path, name: str) -> bool:
    return os.access(folder / "events" / name.replace(":", "/") / "id", os.R_OK)
