"""JSON as asv writes it: with NaN and Infinity, which the standard does not know."""

import json
from itertools import product
from typing import Any

import orjson

_WORDS = (b"NaN", b"Infinity", b"-Infinity")
_BEFORE = (b", ", b",", b"[", b": ")


def loads(data: bytes) -> Any:
    """Read JSON; `NaN` and `Infinity` come back as floats or as the strings `"NaN"` and `"Infinity"`.

    The quick reader refuses these words, so they are opened with a quote and closed with one first. A word
    inside a string ends that string early and leaves what is no JSON at all, so that the slow reader
    decides; it never changes what a file says.

    Raises:
        ValueError: it is no JSON, or nested too deep.
    """
    try:
        return orjson.loads(_quoted(data))
    except ValueError:
        pass
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _quoted(data: bytes) -> bytes:
    words = [word for word in _WORDS if word in data]
    for before, word in product(_BEFORE, words):
        data = data.replace(before + word, before + b'"' + word + b'"')
    return data
