"""Workloads that mean no good, as a line of shell each, and what is left of them."""

import os
import time
from pathlib import Path

from pagewalk.last_will import MARK, OURS
from pagewalk.model import Artifact, Job, Target

REGION = '{\\"region\\": \\"r\\", \\"operations\\": 1, \\"seconds\\": 0.5}'
FLOOD = "yes | head -c 5000000; yes | head -c 5000000 >&2; echo 'panic: the end' >&2; exit 9"
ENDLESS_FLOOD = "yes flood & yes flood >&2"
NEVER_ENDS = "trap '' TERM INT HUP; setsid sleep 600 & while :; do sleep 600; done"
WRONG_JSON = 'echo "{\\"region\\": \\"r\\", \\"operations\\": NaN, \\"seconds\\": 1}"'
FULL_DISK = f'head -c 9000000 /dev/zero >fill 2>/dev/null; echo "{REGION}"'
CLOCK_BACK = 'echo "{\\"region\\": \\"r\\", \\"operations\\": 1, \\"seconds\\": -3600.0}"'
CLOCK_AHEAD = 'echo "{\\"region\\": \\"r\\", \\"operations\\": 1, \\"seconds\\": 1e999}"'


def shell_job(script: str, target: Target, timeout: float = 60.0) -> Job:
    """Return the job that executes a shell script; there is no other program in it."""
    shell = str(Path("/bin/sh").resolve())
    return Job(Artifact((shell, "-c", script), target), (), 1, timeout=timeout)


def marked() -> list[int]:
    """Return the processes of our executions that still are there, when some time to die has passed."""
    deadline = time.monotonic() + 30
    while (found := _marked()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _marked() -> list[int]:
    entry = f"{MARK}={OURS}".encode()
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and entry in _environment(p)]


def _environment(process: Path) -> bytes:
    if int(process.name) == os.getpid():
        return b""
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""
