"""What a person may set about the rule."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.rules import Threshold
from pagewalk.errors import ConfigError
from pagewalk.model import Case


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of the rule in docs/verdict.md.

    Args:
        threshold: relative change that a sampled metric must exceed to count; 0.02 is 2 %.
        alpha: share of false discoveries that is put up with, and 1 − confidence of intervals.
        exact_tolerance: relative change that an exact counter must exceed. Moving code
            moves a few cache lines, so that counts differ where nothing was meant to.
        noise: the noise floor by (machine name, case, metric), from `noise_floor` or
            `pagewalk.analysis.history_floor.floor_from_history`.
        lapsed: why a noise floor that is known does not hold, by the same; such a one is not in `noise`.
        floors: change in base units that must be exceeded, by metric, instead of
            `pagewalk.analysis.floors.ABSOLUTE`.
        thresholds: of single benchmarks, in place of `threshold` and `exact_tolerance`; the last that
            covers a place holds.
        across_machines: whether to compare what was measured on another processor, kernel or libc, too.

    Raises:
        ConfigError: a number that cannot be meant.
    """

    threshold: float = 0.02
    alpha: float = 0.05
    exact_tolerance: float = 0.001
    noise: Mapping[tuple[str, Case, str], NoiseFloor] = field(default_factory=dict)
    lapsed: Mapping[tuple[str, Case, str], str] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)
    thresholds: tuple[Threshold, ...] = ()
    across_machines: bool = False

    def __post_init__(self) -> None:
        for name, value in (("threshold", self.threshold), ("exact_tolerance", self.exact_tolerance)):
            if not (math.isfinite(value) and value >= 0):
                raise ConfigError(
                    f"{name} is {value}", f"Give a relative change of at least 0: {name} = 0.02"
                )
        if not 0 < self.alpha < 1:
            raise ConfigError(f"alpha is {self.alpha}", "Give a probability between 0 and 1: alpha = 0.05")
