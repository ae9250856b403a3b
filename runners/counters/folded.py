"""From `perf script` to the folded format of flame graphs: one stack a line, root first, and its count.

Format: Brendan Gregg's FlameGraph, `a;b;c 12`.
"""

import re
from collections import Counter
from collections.abc import Iterator

from runners.execution.capture import printable

_FRAME = re.compile(r"^\s+[0-9a-f]{1,16}\s+(.*)$")
_LOST = re.compile(r"^.{0,64} (PERF_RECORD_LOST(?:_SAMPLES)?) lost (\d{1,18})$")
MOST_FRAMES = 256

UNKNOWN = "[unknown]"
LOST = "[lost]"
"""Frame under which stacks are counted that perf could not write down in time."""


def fold(script: str, *, weighted: bool = False) -> str:
    """Return the stacks of `perf script -F comm,ip,sym --show-lost-events` with how often each occurred.

    Args:
        weighted: whether the script has each sample's period behind the command (`-F comm,period,ip,sym`):
            how many occurrences it stands for.

    Names come from symbol tables that a stranger may have written: what would end a frame or a
    line is escaped.
    """
    counts = Counter[str]()
    for command, stack in _stacks(script):
        name, weight = _weight(command) if weighted else (command, 1)
        counts[";".join((escape(name), *stack))] += weight
    if lost := _lost(script):
        counts[LOST] = lost
    return "".join(f"{stack} {count}\n" for stack, count in sorted(counts.items()))


def scaled(folded: str, total: int) -> str:
    """Return folded stacks with counts that sum up to `total`, in proportion; what was lost is among them."""
    rows = [line.rpartition(" ") for line in folded.splitlines() if not line.startswith(f"{LOST} ")]
    taken = sum(int(count) for _, _, count in rows)
    return "".join(f"{stack} {max(1, round(int(count) * total / taken))}\n" for stack, _, count in rows)


def _weight(command: str) -> tuple[str, int]:
    name, _, period = command.rpartition(" ")
    return (name.strip(), int(period)) if period.isdecimal() else (command, 1)


def _stacks(script: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    command, frames = "", list[str]()
    for line in (*script.split("\n"), ""):
        frame = frame_of(line)
        if frame is not None:
            frames.append(frame)
        elif line.strip() and not _LOST.match(line):
            command = line
        elif frames:
            yield command.strip(), tuple(reversed(frames[:MOST_FRAMES]))
            command, frames = "", []


def _lost(script: str) -> int:
    """Newer kernels report the same losses twice: as they happen, and per event at the end."""
    totals = Counter[str]()
    for line in script.split("\n"):
        if match := _LOST.match(line):
            totals[match[1]] += int(match[2])
    return max(totals.values(), default=0)


def frame_of(line: str) -> str | None:
    """Return the function that a line of a stack names; None where the line is none of a stack."""
    match = _FRAME.match(line)
    # Its address would tell little, moves from execution to execution, and would keep stacks apart.
    if match is None:
        return None
    name = match[1].strip()
    # Labels within a function, which LLVM's linker leaves in riscv64's symbol tables, are no functions.
    return UNKNOWN if not name or name.startswith(".L") else escape(name)


def escape(name: str) -> str:
    """Return a name that ends neither a frame nor a line."""
    return printable(name).replace(";", "\\x3b").replace("\t", " ")
