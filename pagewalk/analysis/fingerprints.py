"""Which crashes are the same one: a name that stays over commits, machines and executions.

What moves from one execution to the next says nothing of the cause: addresses, counts, numbers of
goroutines. What stays is how it ended, whether the address was a null pointer's, and in which function.
"""

import hashlib
import re

from pagewalk.model import Crash, Outcome

NULL_PAGE = 0x10000
"""The first 64 KiB are never mapped (vm.mmap_min_addr): an address in it is a null pointer with an offset."""

NEAR = "near "
"""How a frame begins that names no function, but an exported symbol before it."""

_DISTANCE = re.compile(r"(?<=\S)\+0x[0-9a-f]+(?=, exported symbol$)")
_SAID = re.compile(r"^(?:fatal error|panic): ")
_NUMBER = re.compile(r"0x[0-9a-fA-F]+|\d+")
# How Go dies, whatever killed it: these say nothing of where.
_DYING = re.compile(
    r"^(?:runtime\.(?:throw|fatal|fatalthrow|fatalpanic|gopanic|sigpanic|dopanic\w*|goPanic\w*|panic\w*"
    r"|sighandler|raise\w*|crash|abort)|internal/runtime/maps\.fatal|panic|raise|abort|_*pthread_kill\w*"
    r"|gsignal)(?:\.func\d+)*$"
)


def fingerprint(outcome: Outcome, crash: Crash | None) -> str:
    """Return 12 hexadecimal digits, the same for crashes that look the same.

    Where functions are known, the innermost and Go's word for its death decide; else all that was
    printed does. Numbers are left out of either.
    """
    found = crash or Crash()
    parts = [outcome.value, cause(found), where(found)]
    said = [line for line in found.last_output if _SAID.match(line)] if found.frames else found.last_output
    parts += [place(found), *(_NUMBER.sub("#", line) for line in said)]
    text = "\n".join(parts)
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def cause(crash: Crash) -> str:
    """Return the signal, or the exit status in words; empty where neither is known."""
    if crash.signal or crash.exit_status is None:
        return crash.signal
    return f"exit status {crash.exit_status}"


def where(crash: Crash) -> str:
    """Return whether the address is a null pointer's; empty where no address is known."""
    if crash.fault_address is None:
        return ""
    return "null" if crash.fault_address < NULL_PAGE else "elsewhere"


def place(crash: Crash) -> str:
    """Return the innermost function that is not part of dying itself; empty where no function is known.

    Of one that has no name, the exported symbol that it is near to, without how near: that moves with
    every build.
    """
    return _DISTANCE.sub("", _innermost(crash))


def place_text(crash: Crash) -> str:
    """Say it, as `in slab_refill` or `near malloc+0x1c, exported symbol`; empty where nothing is known."""
    frame = _innermost(crash)
    return frame if frame.startswith(NEAR) or not frame else f"in {frame}"


def _innermost(crash: Crash) -> str:
    return next((frame for frame in crash.frames if not _DYING.match(frame)), "")
