"""Foreign build commands: run to the end, their whole output kept, their last words in the error."""

import hashlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pagewalk.cache import cache_root
from pagewalk.errors import BuildFailed, Unavailable
from pagewalk.files import write_whole

Progress = Callable[[str], None]
_PATIENCE = 3600.0


def silent(_line: str) -> None:
    """Progress that nobody watches."""


def run_build(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], what: str, remedy: str = ""
) -> str:
    """Run a build command and return its output, stdout and stderr as they came.

    Args:
        folder: where it runs.
        environment: the whole environment.
        what: what is built, for the message.

    Raises:
        BuildFailed: it ended with another status than 0, or took over an hour.
        Unavailable: the command is not there.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable(
            f"cannot run {command[0]}: {error.strerror}", "Install it, or mend PATH."
        ) from error
    try:
        output, _ = process.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise BuildFailed(
            f"{what}: no end after {_PATIENCE:.0f} s", "Build it by hand to see where it hangs."
        ) from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode:
        raise _failure(what, output, process.returncode, remedy)
    return output


def _failure(what: str, output: str, status: int, remedy: str) -> BuildFailed:
    log = cache_root() / "logs" / f"{hashlib.sha256(f'{what}{output}'.encode()).hexdigest()[:16]}.log"
    write_whole(log, f"{what}\n{output}")
    tail = "\n".join(f"  {line}" for line in output.splitlines()[-12:]) or "  (it printed nothing)"
    hint = f"{remedy} " if remedy else ""
    return BuildFailed(
        f"{what}: the build ended with status {status}:\n{tail}", f"{hint}The whole log: {log}", log=output
    )
