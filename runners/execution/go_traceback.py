"""What Go says of its own death: the goroutine that was running, its frames and registers.

Format: runtime/traceback.go and runtime/signal_*.go of the Go sources; `GOTRACEBACK` of its documentation.
"""

import re
from collections.abc import Mapping, Sequence

_RUNNING = re.compile(r"^goroutine \d+ .*\[(?:running|.*locked to thread.*)\]|^runtime stack:$|^goroutine 0 ")
_CALL = re.compile(r"^([\w./*()\-·\[\]]+)\(.*\)$|^created by ([\w./*()\-·]+)")
_REGISTER = re.compile(r"^([a-z][a-z0-9]{1,5})\s+0x([0-9a-f]{1,16})$")
_PC = re.compile(r"^\[signal SIG.*\bpc=0x([0-9a-f]{1,16})\b")
_MOST_FRAMES = 32


def frames_of(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the functions of the first stack in a traceback, the innermost first."""
    found: list[str] = []
    inside = False
    for line in lines:
        if _RUNNING.match(line):
            if found:
                break
            inside = True
        elif inside and (match := _CALL.match(line)):
            if match[2]:
                break
            found.append(_bare(match[1]))
        elif inside and found and not line.strip():
            break
    return tuple(found[:_MOST_FRAMES])


def _bare(function: str) -> str:
    """`main.(*pool).take` stays; the arguments are gone already; generic instances lose their shapes."""
    return re.sub(r"\[[^\]]*\]", "", function)


def registers_of(lines: Sequence[str]) -> Mapping[str, int]:
    """Return the registers that Go printed; empty where it printed none."""
    return {match[1]: int(match[2], 16) for line in lines if (match := _REGISTER.match(line))}


def program_counter_of(lines: Sequence[str]) -> int | None:
    """Return `pc` of the line that names the signal; None where there is none."""
    return next((int(match[1], 16) for line in lines if (match := _PC.match(line))), None)
