"""Base units, written for people. Pure text: reports and figures use it, nothing computes with it.

Inside pagewalk a value is in seconds, bytes or counts per operation; only here does it become
"12.3 ns" or "4.00 MiB". What is no number is "missing", never 0.
"""

import math
from collections.abc import Iterable
from functools import lru_cache

from pagewalk.metrics import METRICS

MISSING = "missing"
_SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"), (1e-12, "ps"))
_BYTES = ((2.0**40, "TiB"), (2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "B"))
_ASV_KINDS = {"time_": "seconds", "timeraw_": "seconds", "mem_": "bytes", "peakmem_": "bytes"}
_WIDE, _LOPSIDED = 1.5, 1.25
_COUNTS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def number(value: float, digits: int = 3) -> str:
    """Write `value` with `digits` significant digits and no exponent where it can be avoided.

    Digits left of the point are not rounded away: 1234.5 is "1234" or "1235", not "1230"; of fifteen
    and more nobody counts the zeros.
    """
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    # Pages write thousands of numbers, most of which this says at once
    text = f"{value:#.{digits}g}"
    if "e" not in text:
        return _signed(text.rstrip("."))
    # Of the rounded value: 999.9 with three digits is a thousand, and written like one.
    magnitude = int(f"{value:.{digits - 1}e}".partition("e")[2])
    if not -5 <= magnitude < 15:
        return f"{value:.{digits - 1}e}".replace("-", "−")
    return _signed(f"{value:.{max(0, digits - 1 - magnitude)}f}")


def _signed(text: str) -> str:
    return text.replace("-", "−")


def _scale(value: float, steps: tuple[tuple[float, str], ...]) -> tuple[float, str]:
    """Return the largest step that `value` reaches, or the smallest there is."""
    size = abs(value)
    # A loop: pages write tens of thousands of numbers, and a generator costs twice as much
    for step in steps:
        if size >= step[0] * 0.9995:
            return step
    return steps[-1]


def _unit_of(unit: str, largest: float) -> tuple[float, str]:
    """Return divisor and symbol for values of a base unit, the largest of which is `largest`."""
    if unit == "seconds":
        return _scale(largest, _SECONDS) if largest else (1.0, "s")
    if unit == "bytes":
        return _scale(largest, _BYTES)
    # Four digits before the point are read at a glance; five are not.
    if largest >= 1e4:
        return _scale(largest, _COUNTS)
    return (1.0, "")


def quantity(value: float, unit: str, digits: int = 3, *, printed: str = "") -> str:
    """Write a value of a base unit (`seconds`, `bytes`, `misses/op` …) with its symbol.

    "/op" is left to the heading: tables say it once, not in every cell.

    Args:
        digits: significant ones.
        printed: the unit of a number that somebody's command printed: left as it is, whatever the size.
    """
    if math.isnan(value):
        return MISSING
    if printed:
        return f"{number(value, digits)} {printed}"
    divisor, symbol = _unit_of(unit, abs(value))
    text = number(value / divisor, digits)
    return f"{text} {symbol}" if symbol else text


def quantities(values: Iterable[float], unit: str, digits: int = 3) -> list[str]:
    """Write many values of a base unit, each as `quantity` does; in a third of the time where they are near.

    Args:
        digits: significant ones.
    """
    found = []
    low = high = math.nan
    divisor, symbol = 1.0, ""
    for value in values:
        if not low <= value < high:
            divisor, symbol = _unit_of(unit, abs(value))
            low, high = _plain(divisor, symbol, digits)
        if not low <= value < high:
            found.append(quantity(value, unit, digits))
            continue
        text = f"{value / divisor:#.{digits}g}".rstrip(".")
        found.append(f"{text} {symbol}" if symbol else text)
    return found


def _plain(divisor: float, symbol: str, digits: int) -> tuple[float, float]:
    """Return a half-open range of values that a unit belongs to and that need neither sign nor exponent."""
    fewest = 10 if any(symbol == count for _, count in _COUNTS) else 1
    return fewest * divisor, (min(10**digits, 1000) - 1) * divisor


def seconds(value: float) -> str:
    """Write a time: "12.3 ns", "1.50 ms"."""
    return quantity(value, "seconds")


def duration(value: float) -> str:
    """Write a time to wait, as far as anybody knows it: "40 s", "3 min", "2 h 5 min"."""
    if not math.isfinite(value) or value < 0:
        return MISSING
    if value < 100:
        return f"{value:.0f} s"
    minutes = round(value / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def bytes_(value: float) -> str:
    """Write a size in binary units: "4.00 KiB", "1.50 GiB"."""
    return quantity(value, "bytes")


def count(value: float) -> str:
    """Write a count per operation with three significant digits: "0.00123", "1.20 M"."""
    return quantity(value, "")


def pair(base: float, head: float, unit: str) -> str:
    """Write two values with one symbol, so that the eye compares digits: "85.0 → 50.2 ns"."""
    finite = [abs(value) for value in (base, head) if math.isfinite(value)]
    divisor, symbol = _unit_of(unit, max(finite, default=0.0))
    before, after = (number(value / divisor) for value in (base, head))
    return f"{before} → {after} {symbol}".rstrip()


@lru_cache(maxsize=4_096)
def unit_of_metric(metric: str) -> str:
    """Return the base unit of a metric name; empty for a name that neither pagewalk nor asv has a rule for.

    asv's kinds of benchmarks are told by how their functions begin (asv documentation, "Writing benchmarks");
    only what they call `track_` measures has a unit of its own.
    """
    if metric in METRICS:
        return METRICS[metric].unit
    return next((unit for beginning, unit in _ASV_KINDS.items() if metric.startswith(beginning)), "")


def title_of_metric(metric: str) -> str:
    """Return what a table calls a metric; the name itself where pagewalk does not know it."""
    return METRICS[metric].title if metric in METRICS else metric


def percent(ratio: float) -> str:
    """Write head over base as a change: 1.123 is "+12.3 %", 1.0 is "0 %", infinity "+∞ %"."""
    if math.isnan(ratio):
        return MISSING
    if math.isinf(ratio):
        return "+∞ %"
    change = (ratio - 1) * 100
    if abs(change) < 0.005:
        return "0 %"
    text = number(abs(change), 3) if abs(change) >= 100 else f"{abs(change):.{_decimals(change)}f}"
    return f"{'+' if change > 0 else '−'}{text} %"


def _decimals(change: float) -> int:
    """A tenth of a per cent is what tables need; a hundredth only where it is all there is."""
    return 1 if 1 <= abs(change) < 99.9 else 2


def share_text(share: float) -> str:
    """Format a part of a whole, 0 to 1: "38.0 %"."""
    return f"{100 * share:.1f} %"


def points_text(difference: float) -> str:
    """Format a difference of two shares in percentage points, without the unit: "−33.0"."""
    return _signed(f"{100 * difference:+.1f}")


def limit_text(relative: float) -> str:
    """Write a relative limit: 0.02 is "2 %", 0.001 is "0.1 %"."""
    return f"{relative * 100:.3g} %"


def times(ratio: float) -> str:
    """Write head over base as a factor: "×1.05", "×0.50", "×∞"."""
    return MISSING if math.isnan(ratio) else f"×{number(ratio)}"


def change(ratio: float) -> str:
    """Write head over base the way it is said aloud: per cent, a factor from twice upwards, "from 0"."""
    if math.isinf(ratio):
        return "from 0"
    return times(ratio) if ratio >= 2 else percent(ratio)


def interval(low: float, high: float) -> str:
    """Write an interval of ratios: "+10.1 … +14.2 %"; nothing is known from 0 to infinity."""
    if math.isnan(low) or math.isnan(high):
        return MISSING
    if low <= 0 and math.isinf(high):
        return "any"
    if high >= 2:
        return f"{times(low)} … {times(high)}"
    return f"{percent(low).removesuffix(' %')} … {percent(high)}"


def extent(ratio: float, low: float, high: float) -> str:
    """Write how well a change is known, as `change` writes its ratio: "±1.2 %", "±0.04", "±?".

    Of a wide interval that reaches much further to one side half the width would mislead: both ends, in
    brackets.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or low <= 0 or math.isnan(ratio):
        return "±?"
    half = (high - low) / 2
    if high / low > _WIDE and max(high - ratio, ratio - low) > _LOPSIDED * half:
        return f"({interval(low, high)})"
    return f"±{number(half, 2)}" if ratio >= 2 else f"±{number(half * 100, 2)} %"
