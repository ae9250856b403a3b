"""What is found: one lasting change of one series."""

import math
from dataclasses import dataclass
from enum import StrEnum

from pagewalk.analysis.regressions.series import SeriesName
from pagewalk.errors import ConfigError


class Kind(StrEnum):
    """What a change did; the words of a verdict."""

    REGRESSED = "regressed"
    IMPROVED = "improved"
    BROKEN = "broken"
    FIXED = "fixed"


class State(StrEnum):
    """What became of it. `undone` is "recovered since" for what was bad."""

    STANDING = "standing"
    UNDONE = "undone"
    CAME_BACK = "came back"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A change happened after one measured commit and no later than at another one.

    Args:
        after: index of the last commit measured before it.
        at: index of the first commit measured after it; commits between were not measured.
    """

    after: int
    at: int


def severity(ratio: float) -> float:
    """Return |log2 ratio|: 1 for twice and for half; infinity where there is no logarithm."""
    return abs(math.log2(ratio)) if 0 < ratio < math.inf else math.inf


@dataclass(frozen=True, slots=True)
class Size:
    """How far a level moved.

    Args:
        before, after: medians of the two levels, in the base unit.
        ratio: after over before, the Hodges–Lehmann estimate; infinity where it was 0 before.
        low, high: its interval; 0 and infinity where there are too few values for one.
    """

    before: float
    after: float
    ratio: float
    low: float
    high: float

    @property
    def severity(self) -> float:
        """|log2 ratio|: 1 for twice and for half."""
        return severity(self.ratio)


@dataclass(frozen=True, slots=True)
class Change:
    """A lasting change of one series.

    Args:
        size: None for `broken` and `fixed`.
        p: bound on the probability that noise shows such a change anywhere in a series of this
            length; 0 where it was not tested: an exact count, or how executions ended.
        q: of the series among all series, by `control`; NaN before.
        undone: where the level before was reached again.
        returned: where it was left again after that.
        ending: how executions ended on the worse side; empty but for `broken` and `fixed`.
    """

    series: SeriesName
    place: Place
    kind: Kind
    p: float
    size: Size | None = None
    q: float = math.nan
    state: State = State.STANDING
    undone: Place | None = None
    returned: Place | None = None
    ending: str = ""

    @property
    def bad(self) -> bool:
        return self.kind in (Kind.REGRESSED, Kind.BROKEN)

    @property
    def severity(self) -> float:
        """|log2 ratio|; infinity for what broke or was mended."""
        return math.inf if self.size is None else self.size.severity


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of the rule.

    Args:
        threshold: relative change that must be exceeded; the series' own floor where that is larger.
        exact_tolerance: the same for exact counts.
        alpha: share of false discoveries among all series with changes, and 1 − confidence of intervals.

    Raises:
        ConfigError: a number that cannot be meant.
    """

    threshold: float = 0.02
    exact_tolerance: float = 0.001
    alpha: float = 0.05

    def __post_init__(self) -> None:
        for name, value in (("threshold", self.threshold), ("exact_tolerance", self.exact_tolerance)):
            if not (math.isfinite(value) and value >= 0):
                raise ConfigError(
                    f"{name} is {value}", f"Give a relative change of at least 0: {name} = 0.02"
                )
        if not 0 < self.alpha < 1:
            raise ConfigError(f"alpha is {self.alpha}", "Give a probability between 0 and 1: alpha = 0.05")
