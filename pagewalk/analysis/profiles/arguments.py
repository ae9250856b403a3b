"""Values that arguments of a probed function had, as frames of a profile, and as histograms.

An argument is the innermost frame of its call's stack, `size=64`, so that profiles of values are kept, drawn
and compared like all others. Of an argument with very many values a frame is a range, `size=64…127`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pagewalk.analysis.profiles.folded import Profile

_VALUE = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,30})=(\d{1,20})(?:…\d{1,20})?")


@dataclass(frozen=True, slots=True)
class Bucket:
    """Calls whose argument lay within a range.

    Args:
        low, high: both within it; 0, or from a power of two to the last number before the next.
        base, head: calls before and after; a single profile is a head.
    """

    low: int
    high: int
    base: int
    head: int


@dataclass(frozen=True, slots=True)
class Argument:
    """The values of one argument.

    Args:
        base, head: calls that told it.
        buckets: lowest first; those without any call between them too.
    """

    name: str
    base: int
    head: int
    buckets: tuple[Bucket, ...]


def value_frame(name: str, value: int, *, ranged: bool = False) -> str:
    """Return the frame that stands for a value, or for all that share its power of two."""
    low, high = _range(value.bit_length())
    return f"{name}={low}…{high}" if ranged and low != high else f"{name}={value}"


def arguments(head: Profile, base: Profile | None = None) -> tuple[Argument, ...]:
    """Return a histogram by powers of two for each argument that the profiles tell, in order of names."""
    after, before = _counted(head), _counted(base) if base else {}
    return tuple(
        _argument(name, before.get(name, Counter()), after.get(name, Counter()))
        for name in sorted(before.keys() | after.keys())
    )


def _counted(profile: Profile) -> dict[str, Counter[int]]:
    """Return calls by argument and number of binary digits."""
    found: dict[str, Counter[int]] = {}
    for stack, count in profile.counts.items():
        for name, value in _values(stack):
            found.setdefault(name, Counter())[value.bit_length()] += count
    return found


def _values(stack: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield the arguments at the end of a stack: what is no value there, is a function."""
    for frame in reversed(stack):
        match = _VALUE.fullmatch(frame)
        if match is None:
            return
        yield match[1], int(match[2])


def _argument(name: str, before: Counter[int], after: Counter[int]) -> Argument:
    digits = before.keys() | after.keys()
    buckets = tuple(
        Bucket(*_range(digit), before[digit], after[digit]) for digit in range(min(digits), max(digits) + 1)
    )
    return Argument(name, before.total(), after.total(), buckets)


def _range(digits: int) -> tuple[int, int]:
    return (1 << digits - 1, (1 << digits) - 1) if digits else (0, 0)
