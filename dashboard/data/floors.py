"""The noise of a machine over time: what A/A runs measured, metric by metric, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pagewalk.history.noise import MeasuredFloor

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Noise:
    """The floors of one metric that were measured on one day.

    Args:
        taken: when the last of them was measured, seconds since the epoch.
        middle: the median floor over the cases, relative; infinite where half strayed from 0.
        least, most: of the cases.
        worst: the floor that is `most`.
        cases: how many were measured.
    """

    metric: str
    taken: float
    middle: float
    least: float
    most: float
    worst: MeasuredFloor
    cases: int


def noise_over_time(floors: Sequence[MeasuredFloor]) -> dict[str, list[Noise]]:
    """Return by metric what was measured, the oldest day first. Of a case and day the latest counts."""
    by_day: dict[tuple[str, int], dict[str, MeasuredFloor]] = {}
    for floor in sorted(floors, key=lambda floor: floor.taken):
        day = by_day.setdefault((floor.metric, int(floor.taken // _DAY)), {})
        day[str(floor.case)] = floor
    found: dict[str, list[Noise]] = {}
    for metric, number in sorted(by_day):
        found.setdefault(metric, []).append(_noise(metric, list(by_day[metric, number].values())))
    return found


def _noise(metric: str, floors: Sequence[MeasuredFloor]) -> Noise:
    worst = max(floors, key=lambda floor: floor.floor)
    sizes = [floor.floor for floor in floors]
    taken = max(floor.taken for floor in floors)
    return Noise(metric, taken, median(sizes), min(sizes), worst.floor, worst, len(floors))


def holding(floors: Sequence[MeasuredFloor]) -> dict[str, list[MeasuredFloor]]:
    """Return by metric the floors that hold now: of every case the latest."""
    latest = {(floor.metric, floor.case): floor for floor in sorted(floors, key=lambda floor: floor.taken)}
    found: dict[str, list[MeasuredFloor]] = {}
    for (metric, _), floor in sorted(latest.items(), key=lambda entry: entry[0]):
        found.setdefault(metric, []).append(floor)
    return found
