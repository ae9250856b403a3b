"""What the plugin recorded: call stacks by address, turned into the folded format with names.

Format of the file: lines of words, numbers in hexadecimal. `map START END OFFSET PATH` for each mapped file,
`PARENT ADDRESS COUNT` for each stack, the first being stack 1 and 0 the empty one, and at last `lost COUNT`.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from runners.counters.folded import LOST, MOST_FRAMES, UNKNOWN, escape
from runners.execution.symbols import function_at
from runners.memsim.counts import Unreadable

_LIMIT = 128 << 20


@dataclass(frozen=True, slots=True, order=True)
class Mapping:
    """Where a file's content lies in the guest's address space."""

    start: int
    end: int
    offset: int
    path: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack: `parent` is another's place in the list, None for what was called by nobody."""

    parent: int | None
    address: int
    count: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """All that one execution left.

    Args:
        lost: events for whose stacks there was no room.
    """

    mappings: Sequence[Mapping]
    stacks: Sequence[Stack]
    lost: int


def read_stacks(path: Path) -> Recorded:
    """Read a file of the plugin's.

    Raises:
        Unreadable: there is none, or it is not what the plugin writes, or not all of it.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LIMIT + 1)
    except OSError as error:
        raise Unreadable(f"the emulator plugin left no profile: {error.strerror}") from error
    if len(data) > _LIMIT:
        raise Unreadable(f"the emulator plugin's profile exceeds {_LIMIT} bytes")
    *lines, last = data.decode(errors="replace").removesuffix("\n").split("\n")
    try:
        return _recorded(lines, last)
    except ValueError as error:
        raise Unreadable(f"the emulator plugin's profile is damaged: {error}") from error


def _recorded(lines: Iterable[str], last: str) -> Recorded:
    mappings: list[Mapping] = []
    stacks: list[Stack] = []
    for line in lines:
        if line.startswith("map "):
            _, start, end, offset, path = line.split(" ", 4)
            mappings.append(Mapping(_number(start), _number(end), _number(offset), path))
        else:
            parent, address, count = map(_number, line.split(" "))
            if parent > len(stacks):
                raise ValueError(f"stack {len(stacks) + 1} comes before its parent")
            stacks.append(Stack(parent - 1 if parent else None, address, count))
    word, lost = last.split(" ")
    if word != "lost":
        raise ValueError("its last line is missing")
    return Recorded(sorted(mappings), stacks, _number(lost))


def _number(text: str) -> int:
    if not 0 < len(text) <= 16 or text.strip("0123456789abcdef"):
        raise ValueError(f"{text[:32]!r} is no number")
    return int(text, 16)


def fold(recorded: Recorded, program: str) -> str:
    """Return the stacks with how often each was seen, root first, below a frame for the program."""
    names = Names(recorded.mappings)
    root = escape(program)
    counts = Counter[str]()
    for stack in recorded.stacks:
        if stack.count:
            counts[";".join((root, *_frames(stack, recorded.stacks, names)))] += stack.count
    if recorded.lost:
        counts[LOST] = recorded.lost
    return "".join(f"{stack} {count}\n" for stack, count in sorted(counts.items()))


def _frames(stack: Stack, stacks: Sequence[Stack], names: "Names") -> list[str]:
    found = [names.at(stack.address)]
    while stack.parent is not None and len(found) < MOST_FRAMES:
        stack = stacks[stack.parent]
        found.append(names.at(stack.address - 1))  # a call returns behind itself, perhaps behind its function
    return found[::-1]


class Names:
    """Names of functions by their addresses in the guest."""

    def __init__(self, mappings: Sequence[Mapping]) -> None:
        self._mappings = mappings
        self._starts = [mapping.start for mapping in mappings]
        self.at = lru_cache(maxsize=None)(self._at)

    def _at(self, address: int) -> str:
        place = bisect_right(self._starts, address) - 1
        mapping = self._mappings[place] if place >= 0 else None
        if mapping is None or address >= mapping.end:
            return UNKNOWN
        name = function_at(Path(mapping.path), address - mapping.start + mapping.offset)
        return escape(name) or UNKNOWN
