"""What is known of a series before the commits that are compared, worked out once for many series."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from pagewalk.analysis.history_floor import Strays, strays_together, usable
from pagewalk.analysis.null_distribution import Floats

Place = TypeVar("Place")


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The past of one series.

    Args:
        logs: logarithms of its last values, oldest first (n,); 20 at least.
        noise: how far a commit strays from those before it.
    """

    logs: Floats
    noise: Strays


def past_of(values: Sequence[float]) -> Past | None:
    """Return the past of one series, a value a commit, oldest first; None where it says nothing."""
    return pasts_of({"": values}).get("")


def pasts_of(series: Mapping[Place, Sequence[float] | Floats]) -> dict[Place, Past]:
    """Return the pasts of those of many series that are long enough to say anything."""
    alike: dict[int, dict[Place, Floats]] = defaultdict(dict)
    for place, values in series.items():
        logs = usable(values)
        if logs is not None:
            alike[logs.size][place] = logs
    return {place: past for group in alike.values() for place, past in _together(group).items()}


def _together(group: Mapping[Place, Floats]) -> dict[Place, Past]:
    """The same of series of one length."""
    noises = strays_together(np.stack(list(group.values())))
    return {place: Past(group[place], noise) for place, noise in zip(group, noises, strict=True)}
