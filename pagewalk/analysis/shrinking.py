"""The smallest part of a failing input that still fails.

Source: `ddmin` of Zeller and Hildebrandt, Simplifying and isolating failure-inducing input, IEEE Transactions
on Software Engineering 28(2), 2002.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise


def shrink(steps: Sequence[int], fails: Callable[[tuple[int, ...]], bool]) -> tuple[int, ...]:
    """Return part of `steps`, in their order, that fails, and of which no single step can be left out.

    Args:
        steps: that fail together.
        fails: whether a part fails; asked at most once of each part.
    """
    known: dict[tuple[int, ...], bool] = {}

    def ask(part: tuple[int, ...]) -> bool:
        if part not in known:
            known[part] = bool(part) and fails(part)
        return known[part]

    kept, pieces = tuple(steps), 2
    while len(kept) > 1:
        smaller = _smaller(kept, pieces, ask)
        if smaller is not None:
            kept, pieces = smaller, max(2, min(pieces - 1, len(smaller)))
        elif pieces < len(kept):
            pieces = min(len(kept), 2 * pieces)
        else:
            break
    return kept


def _smaller(
    kept: tuple[int, ...], pieces: int, fails: Callable[[tuple[int, ...]], bool]
) -> tuple[int, ...] | None:
    """Return a piece that fails by itself, else what fails without one of them; None where neither does."""
    bounds = [len(kept) * number // pieces for number in range(pieces + 1)]
    cuts = [(begin, end) for begin, end in pairwise(bounds) if begin < end]
    alone = (kept[begin:end] for begin, end in cuts) if pieces == 2 else ()
    without = (kept[:begin] + kept[end:] for begin, end in cuts)
    return next((part for part in (*alone, *without) if fails(part)), None)
