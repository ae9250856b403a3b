"""What pickers are filled with: only those that change, for each takes a browser a while to draw anew."""

import zlib
from collections.abc import Mapping
from typing import Any

import orjson
from dash import no_update

Options = tuple[list[dict[str, str]], Any]
"""What can be chosen, and what is."""


def filled(choices: Mapping[str, Options]) -> dict[str, Any]:
    """Return the values of pickers and marks of their options, by control and property.

    Args:
        choices: by identity of the picker.
    """
    values = {f"{identity}.value": value for identity, (_, value) in choices.items()}
    return {**values, **{f"{identity}.data": _mark(data) for identity, (data, _) in choices.items()}}


def anew(choices: Mapping[str, Options], before: Any) -> list[Any]:
    """Return options and value of each picker, in order; `no_update` for both where they are as before.

    Args:
        before: what `filled` told of the page as it stands; hostile.
    """
    known = before if isinstance(before, dict) else {}
    parts: list[Any] = []
    for identity, (data, value) in choices.items():
        news = filled({identity: (data, value)})
        same = all(name in known and known[name] == told for name, told in news.items())
        parts += [no_update, no_update] if same else [data, value]
    return parts


def _mark(options: list[dict[str, str]]) -> int:
    return zlib.crc32(orjson.dumps(options))
