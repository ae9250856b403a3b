"""What a change of one metric must exceed to count."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from pagewalk.analysis.floors import absolute_floor
from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.past import Place
from pagewalk.analysis.rules import own_limit
from pagewalk.analysis.settings import Settings
from pagewalk.named import named
from pagewalk.units import limit_text, quantity, unit_of_metric

NEVER_MEASURED = NoiseFloor(math.nan, "")


class Limits(NamedTuple):
    """The bar for one metric of one case on one runner.

    Args:
        own: the threshold (sampled) or the tolerance (exact), relative.
        noise_floor: relative, NaN where never measured; noise_source: how it was obtained.
        absolute: in the metric's base unit.
        unit: that base unit.
    """

    own: float
    noise_floor: float
    absolute: float
    unit: str
    noise_source: str = ""

    @property
    def relative(self) -> float:
        """The larger of the user's threshold and the benchmark's own noise."""
        return max(self.own, 0.0 if math.isnan(self.noise_floor) else self.noise_floor)

    @property
    def band(self) -> float:
        """The relative limit as a logarithm, so that +25 % and −20 % are equally far from 1."""
        return math.log1p(self.relative)

    def describe(self) -> str:
        """Say which limit holds."""
        size = limit_text(self.relative)
        if self.relative == self.own:
            return f"the threshold of {size}"
        source = f" ({self.noise_source})" if self.noise_source else ""
        return f"the noise floor of {size}{source}"

    def describe_absolute(self) -> str:
        """Say the absolute limit."""
        return f"the least that matters, {quantity(self.absolute, self.unit)}"


def limits_of(
    places: Sequence[Place], settings: Settings, pasts: Sequence[NoiseFloor], *, exact: Sequence[bool]
) -> list[Limits]:
    """Return the bar for each of several metrics, from the settings and the noise measured before.

    Args:
        pasts: what the past of each series shows; A/A runs come before it.
        exact: whether both sides of each repeat to the last digit.
    """
    noise = list(map(settings.noise.get, places, pasts)) if settings.noise else pasts
    metrics = {metric for _, _, metric in places}
    about = {metric: (absolute_floor(metric, settings.floors), unit_of_metric(metric)) for metric in metrics}
    return list(
        named(
            Limits,
            _owns(places, settings, exact),
            [floor.relative for floor in noise],
            [about[metric][0] for _, _, metric in places],
            [about[metric][1] for _, _, metric in places],
            [floor.source for floor in noise],
        )
    )


def _owns(places: Sequence[Place], settings: Settings, exact: Sequence[bool]) -> list[float]:
    defaults = [settings.exact_tolerance if one else settings.threshold for one in exact]
    if not settings.thresholds:
        return defaults
    return [
        own_limit(settings.thresholds, *place, default)
        for place, default in zip(places, defaults, strict=True)
    ]
