"""The frames of a call stack, found among the last lines of a process's output."""

import re
from collections.abc import Sequence

# gdb and the sanitizers: "#0 0x401136 in free (p=0x10) at x.c:88"; glibc's backtrace_symbols:
# "./a(f+0x1d)[0x4…]"; Go: "main.free(0x10)" with "\t/src/x.go:88 +0x1d" below it
_FRAME = re.compile(
    r"^\s*#\d+\s|\[0x[0-9a-f]+\]\s*$|^goroutine \d+"
    r"|^\s*/?\S+\.(?:go|c|cc|cpp|rs|s):\d+(?: \+0x[0-9a-f]+)?\s*$"
)
_GO_FUNCTION = re.compile(r"^[\w./*()\-·]+\(.*\)$")


def traceback_of(lines: Sequence[str]) -> list[str]:
    """Return the lines that are frames, in their order; none where there is no call stack."""
    found = []
    for at, line in enumerate(lines):
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if _FRAME.search(line) or (_GO_FUNCTION.match(line) and _FRAME.search(below)):
            found.append(line)
    return found
