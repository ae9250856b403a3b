"""JSON as asv writes it: with NaN and Infinity, which the standard does not know."""

import json
import re
from typing import Any

import orjson

_BARE = re.compile(rb"(?:NaN(?<=[\[,:\s]NaN)|Infinity(?<=[\[,:\s-]Infinity))(?=[,\]}\s])")


def loads(data: bytes) -> Any:
    """Read JSON; `NaN` and `Infinity` come back as floats or as the strings `"NaN"` and `"Infinity"`.

    The quick reader refuses these words, so they are put into quotes first. A word inside a string ends
    that string early and leaves what is no JSON at all, so that the slow reader decides; it never
    changes what a file says.

    Raises:
        ValueError: it is no JSON, or nested too deep.
    """
    try:
        return orjson.loads(data)
    except ValueError:
        pass
    try:
        return orjson.loads(_BARE.sub(rb'"\g<0>"', data).replace(b'-"Infinity"', b'"-Infinity"'))
    except ValueError:
        pass
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
