"""A page as JSON, written in one pass.

Dash writes a page in three: it tries, makes plain values of all that is in it, and writes those.
"""

from typing import Any

import numpy as np
import orjson

_AS_DASH = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY


def encoded(tree: Any) -> orjson.Fragment:
    """Return components, and all that is in them, as what Dash puts into its answer as it is."""
    return orjson.Fragment(written(tree))


def written(tree: Any) -> bytes:
    """Return the same as bytes, which can be kept."""
    return orjson.dumps(tree, default=_plain, option=_AS_DASH)


def _plain(value: Any) -> Any:
    """Return what JSON has no word for as what it has: texts of numpy, components, figures."""
    return value.tolist() if isinstance(value, np.ndarray) else value.to_plotly_json()
