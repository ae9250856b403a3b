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
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.null_distribution import Floats

LEAST = 20
"""Commits without which a past says nothing."""
ALONE = 0.01
"""Share of unchanged commits that stray beyond the floor where nothing else guards."""
BESIDE_WIDTH = 0.02
"""The same where a value tells its own width: every second stray is given away by that."""
TESTED = 0.05
"""The same where a test of several samples guards as well; as for A/A floors."""
_WINDOW = 100
NEIGHBOURS = 11
"""Commits that a level rests on; an odd number."""
_BORNE_OUT = 0.5
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


@dataclass(frozen=True, slots=True)
class Strays:
    """How far one commit lies from those before it, where nothing changed.

    Args:
        sizes: |log ratio| of each commit to its level, ascending (n,).
        start: where the tail begins; index: of its power law, 0.5 is a variance just gone.
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

    def floor(self, width: float) -> float:
        """Return the |log ratio| that 1 % of unchanged commits stray beyond where nothing else guards.

        Args:
            width: log ratio of the upper to the lower quartile of what a value is the median of; 0
                where it is not known. A run that was disturbed is wide, and may be that far off.
        """
        return math.hypot(self.size(BESIDE_WIDTH if width else ALONE), width)

    def _quantile(self, share: float) -> float:
        """Return what `np.quantile(method="higher")` does, of sizes that are sorted already."""
        return float(self.sizes[math.ceil((self.sizes.size - 1) * share)])


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
    logs = usable(past)
    if logs is None:
        return None
    if samples == 1:
        return math.expm1(strays(logs).floor(width))
    return math.expm1(_of_medians(logs, samples))


def usable(past: Sequence[float] | Floats) -> Floats | None:
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
    excess = np.log(beyond).sum(axis=-1)
    indices = np.clip((excess + _USUAL * _WEIGHT) / (tail + _WEIGHT), _LIGHTEST, _HEAVIEST)
    together = zip(sizes, starts.tolist(), indices.tolist(), strict=True)
    return [Strays(row, start, index) for row, start, index in together]


def usual(logs: Floats) -> Floats:
    """Return, for each of `logs` (..., n), the median of it and up to ten before it."""
    padded = np.concatenate([np.repeat(logs[..., :1], NEIGHBOURS - 1, axis=-1), logs], axis=-1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, NEIGHBOURS, axis=-1)
    # The middle of an odd number; np.median takes ten times as long over windows so small
    levels: Floats = np.sort(windows, axis=-1)[..., NEIGHBOURS // 2]
    return levels


def change(base: Floats, level: Floats, head: Floats) -> Floats:
    """Return `head` − `level`; 0 where `head` − `base` is less than half of it, or points elsewhere."""
    near, far = head - base, head - level
    return np.where((near * far > 0) & (np.abs(near) >= _BORNE_OUT * np.abs(far)), far, 0.0)


def usual_before(logs: Floats, last: float) -> float:
    """Return what `usual` does for `last`, as the next value after `logs` (n,); 20 at least."""
    nearest: list[float] = logs[1 - NEIGHBOURS :].tolist()
    return sorted([*nearest, last])[NEIGHBOURS // 2]


def one_change(base: float, level: float, head: float) -> float:
    """Return what `change` does, of single numbers: arrays of one take fifty times as long."""
    near, far = head - base, head - level
    return far if near * far > 0 and abs(near) >= _BORNE_OUT * abs(far) else 0.0


def _of_medians(logs: Floats, samples: int) -> float:
    """The same of medians of several values each, drawn anew from what strays about the level."""
    padded = np.pad(logs, _AROUND, mode="reflect")
    rest = logs - np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1), axis=1)
    drawn = np.random.default_rng(0).choice(rest, (_DRAWS, 2, samples))
    medians = np.median(drawn, axis=2)
    return float(np.quantile(np.abs(medians[:, 0] - medians[:, 1]), 1 - ALONE, method="higher"))
