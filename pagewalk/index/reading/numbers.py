"""Lists of JSON as arrays of float64: values, the intervals around them, and why a value is missing."""

from __future__ import annotations  # array[float] is a name for mypy only before Python 3.12

import math
from array import array
from collections.abc import Sequence
from itertools import chain
from typing import Any, TypeAlias

from pagewalk.index.states import CODES, FAILED, NOT_FINITE, NOT_RUN, OK

_NAN = math.nan
_OK = CODES[OK]
Doubles: TypeAlias = "array[float]"
Range: TypeAlias = "tuple[int, Doubles, Doubles]"


def values(found: Sequence[Any]) -> tuple[Doubles, bytes | None]:
    """Return numbers and a state for each; no states where all are numbers.

    asv's `null` is a benchmark that failed, its NaN one that was not run.
    """
    quick = _finite(found)
    if quick is not None:
        return quick, None
    numbers, states = array("d"), bytearray()
    for entry in found:
        number, state = _value(entry)
        numbers.append(number)
        states.append(CODES[state])
    return numbers, bytes(states)


def _value(entry: Any) -> tuple[float, str]:
    if entry is None:
        return _NAN, FAILED
    try:
        number = float(entry)
    except (TypeError, ValueError, OverflowError):
        return _NAN, NOT_FINITE
    if math.isfinite(number) and not isinstance(entry, str):
        return number, OK
    return _NAN, NOT_RUN if math.isnan(number) else NOT_FINITE


def _finite(found: Sequence[Any]) -> Doubles | None:
    """Convert at once where every entry is a finite number; a sum that is finite has no other parts."""
    try:
        numbers = array("d", found)
    except (TypeError, OverflowError):
        return None
    return numbers if math.isfinite(sum(numbers)) else None


def interval(states: bytes | None, size: int, *pairs: tuple[Any, Any]) -> Range | None:
    """Choose between several columns of low and high ends: the first that most values have.

    Returns:
        its place in `pairs` counted from 1, low ends and high ends, NaN where there is none;
        None where no value has any.
    """
    best: Range | None = None
    most = 0
    for place, (low, high) in enumerate(pairs, start=1):
        if not _column(low, size) or not _column(high, size):
            continue
        lows, highs = _finite(low), _finite(high)
        if lows is not None and highs is not None and states is None:
            count = size
        else:
            lows, highs, count = _both(low, high, states)
        if count > most:
            best, most = (place, lows, highs), count
    return best


def _column(found: Any, size: int) -> bool:
    return isinstance(found, list) and len(found) == size


def _both(low: Sequence[Any], high: Sequence[Any], states: bytes | None) -> tuple[Doubles, Doubles, int]:
    ends = array("d")
    count = 0
    for place, pair in enumerate(zip(low, high, strict=True)):
        (a, first), (b, second) = map(_value, pair)
        good = first == second == OK and (states is None or states[place] == _OK)
        ends.extend((a, b) if good else (_NAN, _NAN))
        count += good
    return ends[0::2], ends[1::2], count


def extremes(samples: Any, size: int) -> tuple[list[Any], list[Any]]:
    """Return the least and the greatest sample of each case, None where there are not at least two."""
    if not _column(samples, size):
        return [], []
    ends = [_ends(several) for several in samples]
    return [low for low, _ in ends], [high for _, high in ends]


def _ends(several: Any) -> tuple[Any, Any]:
    if not isinstance(several, list) or len(several) < 2:
        return None, None
    numbers = [number for number, state in map(_value, several) if state == OK]
    return (min(numbers), max(numbers)) if len(numbers) > 1 else (None, None)


def little_endian(numbers: Doubles) -> bytes:
    """Return what is stored."""
    if array("H", [1]).tobytes() == b"\0\1":
        numbers = array("d", chain(numbers))
        numbers.byteswap()
    return numbers.tobytes()
