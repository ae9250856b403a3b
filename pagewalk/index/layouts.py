"""Which place in a stored array belongs to which parameters, without writing every combination down.

A layout is a product of axes, as asv's results have it, or plain rows, as a log of a run that is not
finished has it. A benchmark with a million cases costs as much as its axes.
"""

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

_SHORT = 4_096
Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The order of cases in an array.

    Args:
        axes: the values of each parameter; the last one varies fastest, as in `itertools.product`.
        rows: the cases themselves, where they are no product; then `axes` is empty.
    """

    axes: tuple[Values, ...] = ()
    rows: tuple[Values, ...] | None = None

    def __len__(self) -> int:
        return len(self.rows) if self.rows is not None else math.prod(map(len, self.axes))

    def __iter__(self) -> Iterator[Values]:
        """Yield the parameters of each case."""
        return iter(self.rows) if self.rows is not None else product(*self.axes)

    def place(self, values: Values) -> int | None:
        """Return where the case with these parameters is, None where it is not."""
        try:
            if self.rows is not None:
                return self.rows.index(values)
            if len(values) != len(self.axes):
                return None
            place = 0
            for axis, value in zip(self.axes, values, strict=True):
                place = place * len(axis) + axis.index(value)
        except ValueError:
            return None
        return place

    def encode(self) -> str:
        """Return it as JSON."""
        body = {"axes": self.axes} if self.rows is None else {"rows": self.rows}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def decode(body: str) -> Layout:
    """Read what `encode` wrote."""
    return _decoded(body) if len(body) <= _SHORT else _decode(body)


def _decode(body: str) -> Layout:
    found = json.loads(body)
    if "rows" in found:
        return Layout(rows=tuple(map(tuple, found["rows"])))
    return Layout(axes=tuple(map(tuple, found["axes"])))


# A page asks for those of all benchmarks; a hostile one of megabytes is not kept
_decoded = lru_cache(maxsize=4096)(_decode)


def digest(body: str) -> str:
    """Return what names a layout: 40 hexadecimal digits."""
    return hashlib.blake2b(body.encode(), digest_size=20).hexdigest()
