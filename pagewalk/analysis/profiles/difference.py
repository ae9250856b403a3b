"""Which functions gained or lost their share between two revisions, and how sure that is.

One execution is one sample: shares of a function vary from execution to execution by more than
counting would explain, since the stacks of one execution are not independent. So each function's
shares before are tested against its shares after, by ranks, and false discoveries are controlled
over all functions (docs/verdict.md has the formulas and sources).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.false_discovery import benjamini_hochberg
from pagewalk.analysis.hodges_lehmann import Shift, two_samples
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.profiles.folded import Profile
from pagewalk.analysis.rank_tests import mann_whitney


@dataclass(frozen=True, slots=True)
class SymbolChange:
    """One function in two sets of profiles.

    Args:
        base, head: median share of the samples in which the function is anywhere on the stack, 0 to 1.
        own_base, own_head: likewise, where it is the innermost.
        shift: head − base with its interval (1 − α), by Hodges and Lehmann; infinite where too few
            executions were profiled for any interval.
        q: after Benjamini and Hochberg over all functions.
        shown: whether q ≤ α: the change is a statement and not an anecdote.
    """

    name: str
    base: float
    head: float
    own_base: float
    own_head: float
    shift: Shift
    q: float
    shown: bool


def difference(
    base: Sequence[Profile], head: Sequence[Profile], alpha: float = 0.05, floor: float = 0.001
) -> list[SymbolChange]:
    """Compare functions over repeated profiles, what is shown first, then the largest change.

    Args:
        base, head: one profile an execution; those without any sample say nothing of shares and
            are left out.
        floor: functions that never have this share on either side are not tested: with a thousand
            functions of one sample each nothing could be shown of any.

    Raises:
        ValueError: a side has no profile with samples.
    """
    sides = [[profile for profile in side if profile.total] for side in (base, head)]
    if not all(sides):
        raise ValueError("a side has no profile with samples: there is nothing to compare")
    anywhere = [[_anywhere(profile) for profile in side] for side in sides]
    innermost = [[_innermost(profile) for profile in side] for side in sides]
    names = sorted(
        {name for side in anywhere for shares in side for name, share in shares.items() if share >= floor}
    )
    tested = [tuple(_shares(side, name) for side in anywhere) for name in names]
    q_values = benjamini_hochberg([mann_whitney(before, after) for before, after in tested])
    found = []
    for name, (before, after), q in zip(names, tested, q_values, strict=True):
        own = [_median(_shares(side, name)) for side in innermost]
        shift = two_samples(before, after, alpha)
        found.append(
            SymbolChange(name, _median(before), _median(after), own[0], own[1], shift, q, q <= alpha)
        )
    return sorted(found, key=lambda one: (not one.shown, -abs(one.shift.estimate), one.name))


def _anywhere(profile: Profile) -> dict[str, float]:
    """Return the share of samples with each function on the stack; recursion counts once."""
    counts: Counter[str] = Counter()
    for stack, count in profile.counts.items():
        for name in set(stack):
            counts[name] += count
    return {name: count / profile.total for name, count in counts.items()}


def _innermost(profile: Profile) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for stack, count in profile.counts.items():
        counts[stack[-1]] += count
    return {name: count / profile.total for name, count in counts.items()}


def _median(shares: Floats) -> float:
    return float(np.median(shares))


def _shares(side: Sequence[dict[str, float]], name: str) -> Floats:
    return np.array([shares.get(name, 0.0) for shares in side])
