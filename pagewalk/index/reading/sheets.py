"""All numbers of a file end to end, so that one value crosses from worker to writer and not four hundred."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import orjson

from pagewalk.index.states import ABSENT, CODES, OK, STATES
from pagewalk.model import Provenance

_FLOAT = 8


@dataclass(frozen=True, slots=True)
class Arrays:
    """One benchmark of a file.

    Args:
        layout: as `Layout.encode` writes it.
        taken: seconds since the epoch, None where the file does not say.
        value: float64, little-endian, one a case; `low` and `high` too, empty where there are none.
        state: a byte a case; None where all are ok.
        interval: what low and high are: a place in `pagewalk.index.answering.arrays.INTERVALS`.
    """

    benchmark: str
    version: str
    layout: str
    cases: int
    taken: float | None
    value: bytes
    low: bytes
    high: bytes
    state: bytes | None
    interval: int
    provenance: Provenance | None = None


class Kind(NamedTuple):
    """What names a family, and how many cases it has: an entry of `Sheet.kinds`."""

    benchmark: str
    version: str
    layout: str
    cases: int


class Strip(NamedTuple):
    """Some cases of one benchmark: what a row of `chunk` holds. Fields as in `Arrays`, None for nothing."""

    part: int
    value: bytes
    low: bytes | None
    high: bytes | None
    state: bytes | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The benchmarks of a file. All columns but the last four have an entry a benchmark.

    Args:
        kinds: JSON of a list of `Kind`; files of one history repeat it to the byte.
        taken: seconds since the epoch, None where the file does not say.
        intervals: a byte each, as in `Arrays`; of those with a 0, `low` and `high` hold nothing.
        provenances: empty where nobody recorded any.
        value: float64, little-endian, one a case, all benchmarks after each other.
        low: ends of intervals; `high` too.
        state: a byte a case; empty where all are ok.
    """

    kinds: bytes = b"[]"
    taken: tuple[float | None, ...] = ()
    intervals: bytes = b""
    provenances: tuple[Provenance | None, ...] = ()
    value: bytes = b""
    low: bytes = b""
    high: bytes = b""
    state: bytes = b""

    def __len__(self) -> int:
        """Return how many cases there are."""
        return len(self.value) // _FLOAT

    def counts(self) -> dict[int, int]:
        """Return how many cases are in which state, by its code; what no file says anything of is none."""
        if not self.state:
            return {CODES[OK]: len(self)} if self.value else {}
        counted = {code: self.state.count(code) for code in range(len(STATES)) if code != CODES[ABSENT]}
        return {code: count for code, count in counted.items() if count}

    def strips(self, cases: Sequence[int], longest: int) -> Iterator[tuple[int, Strip]]:
        """Cut the columns into benchmarks, and these into strips; yield each with its benchmark's place.

        Args:
            cases: of each benchmark, as its `Kind` says.
            longest: cases of a strip.
        """
        ends = 0
        firsts = [0]
        for count in cases:
            firsts.append(firsts[-1] + count)
        for place, (first, stop) in enumerate(pairwise(firsts)):
            shift = ends - first
            for part, a in enumerate(range(first, stop, longest)):
                b = min(a + longest, stop)
                low = high = None
                if self.intervals[place]:
                    between = slice((a + shift) * _FLOAT, (b + shift) * _FLOAT)
                    low, high = self.low[between], self.high[between]
                state = self.state[a:b]
                told = state if state.strip(b"\0") else None
                yield place, Strip(part, self.value[a * _FLOAT : b * _FLOAT], low, high, told)
            if self.intervals[place]:
                ends += stop - first


def sheet_of(arrays: Sequence[Arrays]) -> Sheet:
    """Put the arrays of a file end to end."""
    provenances = tuple(one.provenance for one in arrays)
    told = any(one.state is not None for one in arrays)
    return Sheet(
        orjson.dumps([(one.benchmark, one.version, one.layout, one.cases) for one in arrays]),
        tuple(one.taken for one in arrays),
        bytes(one.interval for one in arrays),
        provenances if any(provenances) else (),
        b"".join(one.value for one in arrays),
        b"".join(one.low for one in arrays if one.interval),
        b"".join(one.high for one in arrays if one.interval),
        b"".join(one.state or bytes(one.cases) for one in arrays) if told else b"",
    )


def kinds_of(body: bytes) -> tuple[Kind, ...]:
    """Read what `Sheet.kinds` holds."""
    return tuple(Kind(*entry) for entry in orjson.loads(body))
