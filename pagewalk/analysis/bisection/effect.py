"""How large the step is, and whether it is the only one."""

from pagewalk.analysis.bisection.drift import drift
from pagewalk.analysis.bisection.observation import Search
from pagewalk.analysis.bisection.sampled import numbers
from pagewalk.analysis.hodges_lehmann import Shift, two_samples
from pagewalk.analysis.rank_tests import mann_whitney

ALPHA = 0.05
ODD = 0.001
"""p below which places on one side of the step are of another level than that side's end."""
SHARE = 0.2
"""Share of the step that another level must differ by to be worth telling."""


def effect(search: Search, after: int, up_to: int) -> tuple[Shift | None, bool]:
    """Return the step from places ≤ `after` to places ≥ `up_to`, and whether it is a ratio."""
    places, values = numbers(search)
    relative = all(t.observation.value > 0 for t in search.taken if t.observation.value is not None)
    values = values - drift(places, values, search.last)
    before, behind = values[places <= after], values[places >= up_to]
    if not before.size or not behind.size:
        return None, relative
    shift = two_samples(before, behind, ALPHA)
    return (shift.as_ratio() if relative else shift), relative


def other_levels(search: Search, after: int, up_to: int) -> bool:
    """Whether commits on one side of the step differ from that side's end: there are more steps."""
    places, values = numbers(search)
    values = values - drift(places, values, search.last)
    step = abs(two_samples(values[places <= after], values[places >= up_to], ALPHA).estimate)
    sides = (
        (values[places == 0], values[(places > 0) & (places <= after)]),
        (values[places == search.last], values[(places < search.last) & (places >= up_to)]),
    )
    return any(
        min(end.size, inner.size) >= 4
        and abs(two_samples(end, inner, ALPHA).estimate) > SHARE * step
        and mann_whitney(end, inner) < ODD
        for end, inner in sides
    )
