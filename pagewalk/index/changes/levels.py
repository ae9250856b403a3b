"""Where the levels of series begin: the search for lasting changes notes it, so that no page has to find it.

It follows from the values and the method alone, and is known by a digest of both: what was noted of other
values is never taken for theirs.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from pagewalk.analysis.changepoints import detect
from pagewalk.index.answering.model import Series
from pagewalk.index.changes.places import method
from pagewalk.index.database import Index
from pagewalk.index.schema import benchmark, level, subject

_STORED = np.dtype("<i4")


def level_rows(found: Sequence[Series]) -> tuple[dict[str, Any], ...]:
    """Return what is noted of some series: rows of `level` but for their place."""
    measured = {_digest(values): values for values, _ in map(_measured, found)}
    return tuple(
        {"digest": digest, "starts": np.array(detect(values), dtype=_STORED).tobytes()}
        for digest, values in measured.items()
    )


def level_starts(index: Index, found: Sequence[Series]) -> tuple[list[int], ...]:
    """Return where the levels of some series begin, but for the first: indices into their commits, ascending.

    Of series that no search has come by yet, it is found out now.
    """
    measured = [_measured(one) for one in found]
    digests = [_digest(values) for values, _ in measured]
    owners = (
        select(benchmark.c.id)
        .join(subject, subject.c.id == benchmark.c.subject_id)
        .where(
            benchmark.c.name.in_({one.key.benchmark for one in found}),
            subject.c.name.in_({one.key.subject for one in found}),
        )
    )
    query = select(level.c.digest, level.c.starts).where(
        level.c.benchmark_id.in_(owners), level.c.digest.in_(digests)
    )
    with index.reading() as connection:
        noted = {row[0]: np.frombuffer(row[1], _STORED) for row in connection.execute(query).all()}
    return tuple(
        places[noted[digest] if digest in noted else detect(values)].tolist()
        for digest, (values, places) in zip(digests, measured, strict=True)
    )


def _measured(one: Series) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the values that are numbers, and which commit each is of."""
    places = np.flatnonzero(np.isfinite(one.values))
    return one.values[places], places


def _digest(values: NDArray[np.float64]) -> str:
    return hashlib.blake2b(values.tobytes(), digest_size=16, key=method().encode()).hexdigest()
