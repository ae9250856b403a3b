"""The noise of a series, from its own past: how far a commit usually lies from those before it.

One spike must not look like a change, on either side of it. So a value is held both against the
one before and against the median of the last few, and the change that counts is the smaller of
both, or none where they disagree about the direction. How far that strays in the past of a series
is its noise. Its tail is heavy, and 100 commits hold one of it at a level of 1 %: beyond the
largest fifth it is a power law with the index of B. M. Hill, "A Simple General Approach to
Inference About the Tail of a Distribution", Ann. Statist. 3, 1975.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.null_distribution import Floats

LEAST = 20
"""Commits without which a past says nothing."""
ALONE = 0.01
"""Share of unchanged commits that stray beyond the floor where nothing else guards."""
TESTED = 0.05
"""The same where a test of several samples guards as well; as for A/A floors."""
_WINDOW = 100
_NEIGHBOURS = 5
_TAIL = 0.2
# A tail of a normal distribution has no index; of real histories it lies between these.
_LIGHTEST, _HEAVIEST = 0.15, 1.2
# Below a millionth two floating-point sums of the same numbers differ.
_SMALLEST = 1e-6
# Spikes of one size are no power law: what was seen this much more often than `p` is not rarer than p.
_SEEN = 2.5
_DRAWS = 400
_AROUND = 5


@dataclass(frozen=True, slots=True)
class Strays:
    """How far one commit lies from those before it, where nothing changed.

    Args:
        sizes: |log ratio| of each pair of successive commits, ascending (n,).
        start: where the tail begins; index: its Hill index, 0.5 is a variance just gone.
    """

    sizes: Floats
    start: float
    index: float

    def p(self, size: float) -> float:
        """Return the share of unchanged commits that stray by at least `size`."""
        beyond = self.sizes.size - int(self.sizes.searchsorted(size, side="left"))
        if size <= self.start:
            return min(1.0, (1 + beyond) / (1 + self.sizes.size))
        law = float(_TAIL * (size / self.start) ** (-1 / self.index))
        return max(law, beyond / self.sizes.size / _SEEN)

    def size(self, p: float) -> float:
        """Return the |log ratio| that a share `p` of unchanged commits strays beyond."""
        if p >= _TAIL:
            return self._quantile(1 - p)
        law = float(self.start * (_TAIL / p) ** self.index)
        return max(law, self._quantile(1 - min(1.0, _SEEN * p)))

    def _quantile(self, share: float) -> float:
        """Return what `np.quantile(method="higher")` does, of sizes that are sorted already."""
        return float(self.sizes[math.ceil((self.sizes.size - 1) * share)])


def floor_from_history(past: Sequence[float], *, samples: int = 1) -> float | None:
    """Return the relative change that is no more than the noise of a series; 0.03 is 3 %.

    Of unchanged commits 1 % stray beyond it.

    Args:
        past: a value a commit, oldest first, in any unit; what is not finite or not above 0 is
            passed over. The last 100 count.
        samples: how many values like those in `past` each side will be the median of.

    Returns:
        None where fewer than 20 values are left.
    """
    logs = usable(past)
    if logs is None:
        return None
    if samples == 1:
        return math.expm1(strays(logs).size(ALONE))
    return math.expm1(_of_medians(logs, samples))


def usable(past: Sequence[float]) -> Floats | None:
    """Return the logarithms of the last values of a past; None where there are too few."""
    given = np.asarray(past, dtype=float)
    values = given[np.isfinite(given) & (given > 0)]
    return np.log(values[-_WINDOW - 1 :]) if values.size >= LEAST else None


def strays(logs: Floats) -> Strays:
    """Return how far each of `logs` (n,) lies from those before it."""
    return strays_together(logs[np.newaxis])[0]


def strays_together(logs: Floats) -> list[Strays]:
    """Return the strays of each of several series of one length, `logs` (series, n), in one go.

    A page asks for those of thousands of series, and each step costs as much of one as of a hundred.
    """
    sizes = np.sort(np.abs(change(logs[:, :-1], usual(logs)[:, :-1], logs[:, 1:])), axis=-1)
    tail = max(1, round(_TAIL * sizes.shape[-1]))
    starts = np.maximum(sizes[:, -tail - 1], _SMALLEST)
    beyond = np.maximum(sizes[:, -tail:], starts[:, np.newaxis]) / starts[:, np.newaxis]
    indices = np.clip(np.mean(np.log(beyond), axis=-1), _LIGHTEST, _HEAVIEST)
    together = zip(sizes, starts.tolist(), indices.tolist(), strict=True)
    return [Strays(row, start, index) for row, start, index in together]


def usual(logs: Floats) -> Floats:
    """Return, for each of `logs` (..., n), the median of it and up to four before it."""
    padded = np.concatenate([np.repeat(logs[..., :1], _NEIGHBOURS - 1, axis=-1), logs], axis=-1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, _NEIGHBOURS, axis=-1)
    # The middle of an odd number; np.median takes ten times as long over windows so small
    levels: Floats = np.sort(windows, axis=-1)[..., _NEIGHBOURS // 2]
    return levels


def change(base: Floats, level: Floats, head: Floats) -> Floats:
    """Return the smaller of two changes, `head` against `base` and against `level`; 0 if they disagree."""
    near, far = head - base, head - level
    smaller = np.where(np.abs(near) < np.abs(far), near, far)
    return np.where(near * far > 0, smaller, 0.0)


def _of_medians(logs: Floats, samples: int) -> float:
    """The same of medians of several values each, drawn anew from what strays about the level."""
    padded = np.pad(logs, _AROUND, mode="reflect")
    rest = logs - np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1), axis=1)
    drawn = np.random.default_rng(0).choice(rest, (_DRAWS, 2, samples))
    medians = np.median(drawn, axis=2)
    return float(np.quantile(np.abs(medians[:, 0] - medians[:, 1]), 1 - ALONE, method="higher"))
