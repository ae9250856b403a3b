"""Whether a file can be executed as what it says it is, found out before it is tried.

execvp(3) hands a file that the kernel refuses to /bin/sh. A riscv64 program read as a shell script
fails in ways that look like results.
"""

import os
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Job, Outcome, Run, Target

# e_machine, System V ABI chapter 4 and the processor supplements
_MACHINES = {3: "i386", 40: "armv7", 62: "x86_64", 183: "arm64", 243: "riscv64"}
_MACHINE_AT = 18

# .note.go.buildid, type 4 and owner, near the start of the file (cmd/link/internal/ld/elf.go)
_GO_NOTE = b"\x04\x00\x00\x00Go\x00\x00"


SCRIPT = "a script"
NEITHER = "neither an ELF file nor a script"

_ANOTHER = "build it for that, or choose another runner with -r (`pagewalk runners list`)"
_REMEDIES = {
    SCRIPT: "name the program that it starts, or measure natively: -r local",
    NEITHER: "name a program; a script begins with its interpreter, as #!/bin/sh",
}


def unsupported(job: Job, target: Target, *, scripts: bool = True) -> Run | None:
    """Return the run of a job whose artifact cannot be executed on `target`; None where it can.

    Only the architecture counts: an artifact is static or brings its loader.

    Args:
        scripts: whether a kernel starts the artifact, which hands a script to its interpreter. An emulator
            does not, and what counts a single program would count the interpreter.

    Raises:
        Unavailable: the artifact's file is not there, or must not be executed: nothing the
            workload did.
    """
    built = job.artifact.target
    if built.architecture != target.architecture:
        return _refuse(f"built for {built}, and this runner executes {target}: {_ANOTHER}")
    path = Path(job.artifact.command[0])
    found = executable_kind(path)
    if found == target.architecture or (found == SCRIPT and scripts):
        return None
    remedy = _REMEDIES.get(found, _ANOTHER)
    return _refuse(f"{path} is {found}, and this runner executes {target.architecture}: {remedy}")


def executable_kind(path: Path) -> str:
    """Return an architecture, `SCRIPT`, or words for what a file is instead.

    Raises:
        Unavailable: it cannot be read or must not be executed.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(64)
    except OSError as error:
        raise Unavailable(f"cannot execute {path}: {error.strerror}", _REMEDY) from error
    if not os.access(path, os.X_OK):
        raise Unavailable(f"cannot execute {path}: it has no execute permission", f"chmod +x {path}")
    if head.startswith(b"#!"):
        return SCRIPT
    if not head.startswith(b"\x7fELF") or len(head) < 20:
        return NEITHER
    number = int.from_bytes(head[_MACHINE_AT : _MACHINE_AT + 2], "big" if head[5] == 2 else "little")
    return _MACHINES.get(number, f"an ELF file for machine {number}")


def is_go(path: Path) -> bool:
    """Return whether Go linked a program: it has a note by `Go`."""
    try:
        with path.open("rb") as stream:
            return _GO_NOTE in stream.read(1 << 16)
    except OSError:
        return False


_REMEDY = "Build it again: the cache it was in may have been emptied."


def _refuse(reason: str) -> Run:
    return Run(Outcome.UNSUPPORTED, facts={"failure": reason})
