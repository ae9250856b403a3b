"""From `perf script` to the folded format, of calls that were recorded one by one with their arguments."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pagewalk.analysis.profiles.arguments import value_frame
from runners.counters.folded import LOST, MOST_FRAMES, escape, frame_of
from runners.counters.probes.arguments import SKIPPED, fetch_name

MOST_VALUES = 2000
"""Different values of one argument that are kept as they are; of more, as of pointers, ranges are."""

_TOLD = re.compile(r"^(.{0,64}?) +\([0-9a-f]{1,16}\)((?: a\d{1,2}=\d{1,20})+)$")
_ARGUMENT = re.compile(r" (a\d{1,2})=(\d{1,20})")

Call = tuple[tuple[str, ...], tuple[tuple[str, int], ...]]
"""A stack, root first, and the arguments' names and values."""


def fold_calls(script: str, function: str, arguments: Sequence[str], calls: int) -> str:
    """Return calls with their values as innermost frames.

    Args:
        script: of `perf script -F comm,trace,ip,sym`, or of `-F comm,trace` where there are no stacks.
        arguments: names by position, `_` for those that were not fetched.
        calls: as the kernel counted them; what perf has not of them was lost.
    """
    names = {fetch_name(at): name for at, name in enumerate(arguments, start=1) if name != SKIPPED}
    found = Counter(_calls(script, function, names))
    seen: dict[str, set[int]] = defaultdict(set)
    for _, told in found:
        for name, value in told:
            seen[name].add(value)
    ranged = {name for name, values in seen.items() if len(values) > MOST_VALUES}
    counts = Counter[str]()
    for (stack, told), count in found.items():
        values = (value_frame(name, value, ranged=name in ranged) for name, value in told)
        counts[";".join((*stack, *values))] += count
    if (lost := calls - found.total()) > 0:
        counts[LOST] = lost
    return "".join(f"{stack} {count}\n" for stack, count in sorted(counts.items()))


def _calls(script: str, function: str, names: Mapping[str, str]) -> Iterator[Call]:
    told: re.Match[str] | None = None
    frames: list[str] = []
    for line in (*script.split("\n"), " (0) a0=0"):
        match = _TOLD.match(line)
        if match is None:
            if (frame := frame_of(line)) is not None and len(frames) < MOST_FRAMES:
                frames.append(frame)
            continue
        if told is not None:
            stack = tuple(reversed(frames)) or (escape(function),)
            values = ((names[key], int(text)) for key, text in _ARGUMENT.findall(told[2]) if key in names)
            yield (escape(told[1].strip()), *stack), tuple(values)
        told, frames = match, []
