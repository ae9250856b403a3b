"""Ticks that a person would choose: few, and of round numbers in the unit that is read."""

import math
from collections.abc import Sequence
from itertools import pairwise

from pagewalk.units import quantity

_MOST = 5
"""Steps between the ticks of an axis, at most: at 200 pixels more would crowd."""
_FINEST = 1e-300
"""Below it, and above its inverse, floats are too coarse to be counted in steps."""
_FEWEST_DIGITS = 3
_ODD = 1e-9
"""Share of a step that a division may be wrong by."""


def round_ticks(low: float, high: float, unit: str) -> list[float]:
    """Return the multiples within a range of 1, 2 or 5 times a power of ten; of bytes, of a power of two.

    Args:
        low, high: finite, and `low` below `high`.
        unit: base unit of both.
    """
    least = (high - low) / _MOST
    if not _FINEST < least < 1 / _FINEST:
        return [low, high]
    if unit == "bytes":
        step = 2.0 ** math.ceil(math.log2(least))
    else:
        power = 10.0 ** math.floor(math.log10(least))
        step = next(size * power for size in (1, 2, 5, 10) if size * power >= least)
    return [n * step for n in range(math.ceil(low / step - _ODD), math.floor(high / step + _ODD) + 1)]


def tick_texts(ticks: Sequence[float], unit: str) -> list[str]:
    """Write the ticks of an axis, in digits enough to tell each from its neighbours."""
    digits = _digits(ticks)
    return [_text(tick, unit, digits) for tick in ticks]


def _digits(ticks: Sequence[float]) -> int:
    step = min((abs(b - a) for a, b in pairwise(ticks)), default=0.0)
    steps = max(map(abs, ticks), default=0.0) / step if step else 0.0
    # One for the steps of half a power of two; `_text` takes away what is too many
    return max(_FEWEST_DIGITS, math.floor(math.log10(steps)) + 2) if 1 <= steps < math.inf else _FEWEST_DIGITS


def _text(value: float, unit: str, digits: int) -> str:
    """As `quantity`, without the zeros that say how exact a measurement is."""
    text, gap, symbol = quantity(value, unit, digits).partition(" ")
    if "." in text and "e" not in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}{gap}{symbol}"
