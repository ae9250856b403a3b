"""The tree a flame graph draws: frames below their callers, of one profile or of two."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pagewalk.analysis.profiles.folded import Profile, Stack


@dataclass(slots=True)
class Frame:
    """A function as called along one path.

    Args:
        base, head: samples in which the path was seen, in the profile before and after;
            a single profile is a head.
        children: by name, in order of names.
    """

    name: str
    base: int = 0
    head: int = 0
    children: dict[str, "Frame"] = field(default_factory=dict)

    @property
    def own(self) -> tuple[int, int]:
        """Samples at the very end of this path: what no child accounts for."""
        below = self.children.values()
        return self.base - sum(child.base for child in below), self.head - sum(child.head for child in below)


def grow(head: Profile, base: Profile | None = None, root: str = "all") -> Frame:
    """Return the tree of one profile, or of two of them in one."""
    top = Frame(root)
    if base is not None:
        _add(top, base.counts.items(), before=True)
    _add(top, head.counts.items(), before=False)
    _order(top)
    return top


def _add(top: Frame, stacks: Iterable[tuple[Stack, int]], *, before: bool) -> None:
    for stack, count in stacks:
        frame = top
        _count(frame, count, before=before)
        for name in stack:
            frame = frame.children.setdefault(name, Frame(name))
            _count(frame, count, before=before)


def _count(frame: Frame, count: int, *, before: bool) -> None:
    if before:
        frame.base += count
    else:
        frame.head += count


def _order(top: Frame) -> None:
    waiting = [top]
    while waiting:
        frame = waiting.pop()
        frame.children = dict(sorted(frame.children.items()))
        waiting.extend(frame.children.values())
