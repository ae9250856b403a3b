"""The noise of a series, from its own past: how far a commit usually lies from the level before it.

The level is the median of the last few commits: one value strays half as much again from another
single one as from it, and a spike moves it not at all. A change from the level counts only if the
commit before bears it out, by half of it at least: else the step was there already. How far that
strays in the past of a series is its noise. Its tail is heavy, and 100 commits hold one of it at a
level of 1 %: beyond the largest fifth it is a power law with the index of B. M. Hill, "A Simple
General Approach to Inference About the Tail of a Distribution", Ann. Statist. 3, 1975, drawn to
what is usual: the logarithms beyond are exponential, so that an inverse gamma distribution of their
mean is the conjugate one (Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, §2.6).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.running_median import WINDOW, running_medians

LEAST = 20
"""Commits without which a past says nothing."""
ALONE = 0.01
"""Share of unchanged commits that stray beyond the floor where nothing else guards."""
BESIDE_WIDTH = 0.02
"""The same where a value tells its own width: every second stray is given away by that."""
TESTED = 0.05
"""The same where a test of several samples guards as well; as for A/A floors."""
_WINDOW = 100
NEIGHBOURS = WINDOW
"""Commits that a level rests on."""
_BORNE_OUT = 0.5
_BLOCK = 64
"""Series that are worked out together: what is between stays in the processor's cache."""
_TAIL = 0.2
# Of real histories 0.4 is usual, and weighs as much as the fifth of 100 commits.
_USUAL, _WEIGHT = 0.4, 20
# A tail of a normal distribution has no index; of real histories it lies between these.
_LIGHTEST, _HEAVIEST = 0.15, 1.2
# Below a millionth two floating-point sums of the same numbers differ.
_SMALLEST = 1e-6
# Spikes of one size are no power law: what was seen this much more often than `p` is not rarer than p.
_SEEN = 2.5
_DRAWS = 400
_AROUND = 5


@dataclass(frozen=True, slots=True, eq=False)
class Strays:
    """How far one commit lies from those before it, where nothing changed; of several series of one length.

    Args:
        sizes: |log ratio| of each commit to its level, ascending in each series (series, n).
        start: where the tail begins (series,).
        index: of its power law, 0.5 is a variance just gone (series,).
    """

    sizes: Floats
    start: Floats
    index: Floats

    def of(self, rows: Sequence[int]) -> "Strays":
        """Return those of some of the series."""
        return Strays(self.sizes[rows], self.start[rows], self.index[rows])

    def p(self, size: Floats) -> Floats:
        """Return for each series the share of unchanged commits that stray by at least `size` (series,)."""
        count = self.sizes.shape[-1]
        beyond = (self.sizes >= size[:, np.newaxis]).sum(axis=-1)
        law = _TAIL * (np.maximum(size, self.start) / self.start) ** (-1 / self.index)
        seen = np.minimum(1.0, (1 + beyond) / (1 + count))
        p: Floats = np.where(size <= self.start, seen, np.maximum(law, beyond / count / _SEEN))
        return p

    def size(self, p: float) -> Floats:
        """Return the |log ratio| that a share `p` of unchanged commits strays beyond (series,)."""
        if p >= _TAIL:
            return self._quantile(1 - p)
        law = self.start * (_TAIL / p) ** self.index
        return np.maximum(law, self._quantile(1 - min(1.0, _SEEN * p)))

    def floor(self, width: Floats) -> Floats:
        """Return the |log ratio| that 1 % of unchanged commits stray beyond where nothing else guards.

        Args:
            width: log ratio of the upper to the lower quartile of what a value is the median of; 0
                where it is not known (series,). A run that was disturbed is wide, and may be that far off.
        """
        return np.hypot(np.where(width > 0, self.size(BESIDE_WIDTH), self.size(ALONE)), width)

    def _quantile(self, share: float) -> Floats:
        """Return what `np.quantile(method="higher")` does, of sizes that are sorted already."""
        return self.sizes[:, math.ceil((self.sizes.shape[-1] - 1) * share)]


def floor_from_history(past: Sequence[float], *, samples: int = 1, width: float = 0.0) -> float | None:
    """Return the relative change that is no more than the noise of a series; 0.03 is 3 %.

    Of unchanged commits 1 % stray beyond it.

    Args:
        past: a value a commit, oldest first, in any unit; what is not finite or not above 0 is
            passed over. The last 100 count.
        samples: how many values like those in `past` each side will be the median of.
        width: of the value itself, see `Strays.floor`; of one value only.

    Returns:
        None where fewer than 20 values are left.
    """
    for _, logs in usable(np.array([past], dtype=float)):
        if samples == 1:
            return math.expm1(strays(logs).floor(np.array([width])).item())
        return math.expm1(_of_medians(logs[0], samples))
    return None


def usable(past: Floats) -> Iterator[tuple[list[int], Floats]]:
    """Yield the logarithms of the last values of many series, by how many each has: its rows, and (rows, n).

    Args:
        past: (series, commits), oldest first; what is not finite or not above 0 is passed over. A series
            of fewer than 20 values is left out.
    """
    known = np.isfinite(past) & (past > 0)
    if past.shape[-1] > _WINDOW + 1:
        known &= known[:, ::-1].cumsum(axis=-1)[:, ::-1] <= _WINDOW + 1
    counts = known.sum(axis=-1)
    for count in np.unique(counts[counts >= LEAST]).tolist():
        rows = np.flatnonzero(counts == count)
        logs = past[rows] if count == past.shape[-1] else past[rows][known[rows]].reshape(rows.size, count)
        yield rows.tolist(), np.log(logs, out=logs)


def strays(logs: Floats) -> Strays:
    """Return how far each of `logs` (series, n) lies from those before it."""
    sizes = np.empty((len(logs), logs.shape[-1] - 1))
    for first in range(0, len(logs), _BLOCK):
        some = slice(first, first + _BLOCK)
        sizes[some] = _sizes(logs[some])
    tail = max(1, round(_TAIL * sizes.shape[-1]))
    start = np.maximum(sizes[:, -tail - 1], _SMALLEST)
    beyond = np.maximum(sizes[:, -tail:], start[:, np.newaxis]) / start[:, np.newaxis]
    excess = np.log(beyond).sum(axis=-1)
    index = np.clip((excess + _USUAL * _WEIGHT) / (tail + _WEIGHT), _LIGHTEST, _HEAVIEST)
    return Strays(sizes, start, index)


def _sizes(logs: Floats) -> Floats:
    """Return how far each of `logs` (series, n) is from the level before it, ascending (series, n − 1)."""
    return np.sort(np.abs(change(logs[:, :-1], usual(logs)[:, :-1], logs[:, 1:])), axis=-1)


def usual(logs: Floats) -> Floats:
    """Return, for each of `logs` (series, n), the median of it and up to ten before it."""
    return running_medians(np.concatenate([np.repeat(logs[:, :1], NEIGHBOURS - 1, axis=-1), logs], axis=-1))


def latest(logs: Floats) -> Floats:
    """Return those of `logs` (..., n) that the level of the next commit rests on besides it (..., 10)."""
    return logs[..., 1 - NEIGHBOURS :].copy()


def change(base: Floats, level: Floats, head: Floats) -> Floats:
    """Return `head` − `level`; 0 where `head` − `base` is less than half of it, or points elsewhere."""
    near, far = head - base, head - level
    return np.where((near * far > 0) & (np.abs(near) >= _BORNE_OUT * np.abs(far)), far, 0.0)


def _of_medians(logs: Floats, samples: int) -> float:
    """The same of medians of several values each, drawn anew from what strays about the level."""
    padded = np.pad(logs, _AROUND, mode="reflect")
    rest = logs - np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1), axis=1)
    drawn = np.random.default_rng(0).choice(rest, (_DRAWS, 2, samples))
    medians = np.median(drawn, axis=2)
    return float(np.quantile(np.abs(medians[:, 0] - medians[:, 1]), 1 - ALONE, method="higher"))
