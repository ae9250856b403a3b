"""The noise floors that a lasting change must exceed: read from files, as `pagewalk regressions` reads them.

Which of them hold depends on what the latest executions say of the machine's state, and that no table has.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select

from pagewalk.index.answering.model import Series
from pagewalk.index.changes.places import Place
from pagewalk.index.database import Index
from pagewalk.index.layouts import Values
from pagewalk.index.schema import revision, subject

Heeded = Mapping[Values, float]
"""Relative floors of one benchmark on one machine, by the values of its parameters."""


def heeded(floors: Heeded, one: Series) -> float:
    """Return the floor of a series; 0 where nobody has measured one."""
    return floors.get(tuple(value for _, value in one.key.params), 0.0)


class Floors:
    """The floors below a results root; each machine's are read once, however many places ask.

    Args:
        root: that the index was made from.
    """

    def __init__(self, index: Index, root: Path) -> None:
        self._index = index
        self._root = root
        self._machines: dict[tuple[str, str], dict[str, dict[Values, float]]] = {}

    def at(self, place: Place) -> Heeded:
        """Return the floors that hold at a place; none where nobody has measured any."""
        if not place.noise:
            return {}
        key = place.folder, place.machine
        if key not in self._machines:
            self._machines[key] = self._read(place)
        return self._machines[key].get(place.benchmark, {})

    def _read(self, place: Place) -> dict[str, dict[Values, float]]:
        # asv comes with it, which other projects' files do not need
        from pagewalk.history import History  # noqa: PLC0415
        from pagewalk.workflows.regressing import floors_of  # noqa: PLC0415

        query = (
            select(revision.c.commit_hash)
            .join(subject, subject.c.id == revision.c.subject_id)
            .where(subject.c.name == place.subject)
            .order_by(revision.c.position, revision.c.id)
        )
        with self._index.reading() as connection:
            commits = list(connection.execute(query).scalars())
        found: dict[str, dict[Values, float]] = defaultdict(dict)
        history = History(self._root / place.folder)
        for (case, metric), floor in floors_of(history, place.machine, commits).items():
            found[f"{case.benchmark}.track_{metric}"][tuple(value for _, value in case.params)] = floor
        return found
