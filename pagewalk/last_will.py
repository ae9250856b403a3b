"""What is done when we are killed: a shell that outlives us ends what we started, and removes what we made.

SIGKILL runs no handler and no `finally`. But the kernel closes our end of a pipe, and whoever reads the other
end notices. A signal for the death of a parent (prctl(2), PR_SET_PDEATHSIG) reaches children, but not theirs.
"""

import atexit
import contextlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path

MARK = "PAGEWALK_RUN"
"""Environment variable that tells the processes of one execution from all others."""

OURS = secrets.token_hex(4)
"""How the values of `MARK` of all that this process executes begin."""

_ROUNDS, _POLITE = 100, 20
"""Looks for processes that are left, 0.1 s apart: one that is killed may just have started another.

In the first of them they are only asked to end (SIGTERM): git then removes its locks.
"""

# Told that all is well, it ends; where the file ends without a word, it does its work.
_SCRIPT = f"""
read -r _ && exit 0
rounds=0 signal=TERM
while [ "$rounds" -lt {_ROUNDS} ]; do
    left=$(grep -lsF -e "{MARK}=$1" -e "TMPDIR=$2" /proc/[0-9]*/environ)
    [ -n "$left" ] || break
    for process in $left; do
        process=${{process#/proc/}}
        kill -$signal "${{process%/environ}}" 2>/dev/null
    done
    sleep 0.1
    rounds=$((rounds + 1))
    [ "$rounds" -lt {_POLITE} ] || signal=KILL
done
rm -rf -- "$2"
"""


def write_last_will() -> None:
    """Have all that this process leaves behind cleared away, however it ends.

    From now on temporary files are made in a folder of our own, our children's too (`$TMPDIR`); processes are
    known by that variable, or by a mark that begins with `OURS`. Where there is no room for a folder nothing
    changes: whoever needs one will say so.
    """
    with contextlib.suppress(OSError):
        # tempfile.gettempdir() would try every place with a file of its own, which we might leave
        folder = Path(os.environ.get("TMPDIR") or "/tmp", f"pagewalk-{secrets.token_hex(8)}").absolute()
        pipe = _heir(str(folder))
        atexit.register(_end_well, pipe, folder)  # from here on it is removed, whoever ends us when
        folder.mkdir(mode=0o700)
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder)


def _heir(folder: str) -> int:
    """Start the shell; return the descriptor that it listens to, which no child of ours inherits."""
    theirs, ours = os.pipe()
    silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    try:
        os.posix_spawn(
            "/bin/sh",
            ["sh", "-c", _SCRIPT, "pagewalk-heir", OURS, folder],
            {"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            file_actions=[(os.POSIX_SPAWN_DUP2, theirs, 0), *silent],
            setsid=True,  # whoever kills our whole group spares it
        )
    finally:
        os.close(theirs)
    return ours


def _end_well(pipe: int, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        os.write(pipe, b"\n")
