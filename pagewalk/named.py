"""Tuples with names made by the thousand: without a call of Python for each they take half the time."""

from collections.abc import Collection, Iterator
from itertools import repeat
from typing import Any, TypeVar

Named = TypeVar("Named", bound=tuple[Any, ...])


def named(kind: type[Named], *columns: "Collection[Any] | repeat[Any]") -> Iterator[Named]:
    """Yield tuples with names of one kind, a row each.

    Args:
        kind: a `NamedTuple`.
        columns: the values of each of its fields, in their order, those with a default too: collections of
            one length, or `itertools.repeat` for what is the same in every row. One of them is no `repeat`.

    Raises:
        ValueError: there are not as many columns as fields, or they are not of one length.
    """
    fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
    lengths = {len(column) for column in columns if not isinstance(column, repeat)}
    if len(columns) != len(fields) or len(lengths) != 1:
        raise ValueError(f"{kind.__name__} takes {len(fields)} columns of one length")
    return map(tuple.__new__, repeat(kind), zip(*columns, strict=False))
