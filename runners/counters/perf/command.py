"""Asking the perf that is installed here one thing, and being sure that its answer is whole."""

import shutil
import signal
import subprocess

from pagewalk.errors import Killed, Unavailable

NO_PERF = "perf is not installed: apt-get install linux-perf"

# A user's ~/.perfconfig, pager or language may change what perf prints.
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
    "LC_ALL": "C",
    "PERF_CONFIG": "/dev/null",
    "PAGER": "cat",
}


def perf_path() -> str:
    """Return the perf that is on our path; the workload's own path may not lead to it."""
    return shutil.which("perf") or "perf"


def ask_perf(*arguments: str, patience: float = 60.0) -> "subprocess.CompletedProcess[str]":
    """Execute perf with what it prints captured; its exit status is the caller's to judge.

    Args:
        patience: seconds.

    Raises:
        Killed: somebody killed it.
        Unavailable: it took longer.
    """
    try:
        done = subprocess.run(
            [perf_path(), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=patience,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(
            f"perf {arguments[0]} took longer than {patience:.0f} s", "Is the machine busy? Try again: uptime"
        ) from error
    if done.returncode == -signal.SIGKILL:
        raise Killed(f"perf {arguments[0]}")
    return done
