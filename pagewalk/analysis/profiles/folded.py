"""The folded format of flame graphs: one stack a line, root first, and its count.

Format: Brendan Gregg's FlameGraph, `a;b;c 12`. A `;` within a name is written `\\x3b`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pagewalk.errors import HistoryError

LOST = "[lost]"
"""Root under which samples are counted that could not be written down in time."""

_MOST_FRAMES = 1024
_ESCAPED = "\\x3b"

Stack = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """How often each call stack was seen in one execution.

    Args:
        counts: by stack, root first; all above 0.
        lost: samples that have no stack.
    """

    counts: Mapping[Stack, int]
    lost: int = 0

    @property
    def total(self) -> int:
        """All samples that have a stack."""
        return sum(self.counts.values())


def parse_folded(text: str) -> Profile:
    """Read the folded format.

    Raises:
        HistoryError: a line is no stack with a count; names it.
    """
    counts: Counter[Stack] = Counter()
    lost = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        stack, _, count = line.rpartition(" ")
        if not (stack and count.isascii() and count.isdigit() and len(count) <= 18):
            raise HistoryError(
                f"line {number} of a profile is no folded stack: {line[:80]!r}",
                "Record it anew with `pagewalk profile`.",
            )
        if stack == LOST:
            lost += int(count)
        elif int(count):
            frames = stack.split(";")[:_MOST_FRAMES]
            counts[tuple(frame.replace(_ESCAPED, ";") for frame in frames)] += int(count)
    return Profile(dict(counts), lost)


def escape_frame(name: str) -> str:
    """Return a name that does not end its frame."""
    return name.replace(";", _ESCAPED)


def render_folded(profile: Profile) -> str:
    """Write the folded format, stacks in order of their names."""
    lines = [f"{';'.join(map(escape_frame, stack))} {n}" for stack, n in sorted(profile.counts.items())]
    if profile.lost:
        lines.append(f"{LOST} {profile.lost}")
    return "".join(f"{line}\n" for line in lines)


def pooled(profiles: Iterable[Profile]) -> Profile:
    """Return all samples of several executions as those of one."""
    counts: Counter[Stack] = Counter()
    lost = 0
    for profile in profiles:
        counts.update(profile.counts)
        lost += profile.lost
    return Profile(dict(counts), lost)
