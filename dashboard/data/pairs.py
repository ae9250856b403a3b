"""Which revisions were meant to be compared: those measured turn by turn, and neighbours in time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pagewalk.model import Revision

Sittings = Mapping[str, Mapping[str, Mapping[str, float]]]
"""When each sitting began with a commit, by sitting, by machine, by commit.

A machine that knows the commit from asv alone, without our own log, has no sittings but is there.
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two revisions that can be compared.

    Args:
        machines: where both have results, and where there was such a sitting, were measured in it.
        sitting: the latest one that both were part of; empty where they never sat together.
    """

    base: Revision
    head: Revision
    machines: tuple[str, ...]
    sitting: str = ""


def find_pairs(revisions: Sequence[Revision], sittings: Sittings) -> list[Pair]:
    """Return the pairs worth a look, the latest sitting first, then neighbours the newest first.

    Args:
        revisions: oldest first.
    """
    found: dict[frozenset[str], Pair] = {}
    for pair in [*_sat_together(revisions, sittings), *_neighbours(revisions, sittings)]:
        found.setdefault(frozenset((pair.base.commit, pair.head.commit)), pair)
    return list(found.values())


def _sat_together(revisions: Sequence[Revision], sittings: Sittings) -> Iterator[Pair]:
    """Yield neighbours within each sitting; its plan begins with the base, so the order tells the sides."""
    by_commit = {revision.commit: revision for revision in revisions}
    began: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for commit in by_commit:
        for machine, times in sittings.get(commit, {}).items():
            for name, time in times.items():
                began[name][commit][machine] = time
    for name in sorted(began, reverse=True):
        members = sorted(began[name], key=lambda commit: min(began[name][commit].values()))
        for head, base in pairwise(reversed(members)):
            common = began[name][base].keys() & began[name][head].keys()
            if common:
                yield Pair(by_commit[base], by_commit[head], tuple(sorted(common)), name)


def _neighbours(revisions: Sequence[Revision], sittings: Sittings) -> Iterator[Pair]:
    for head, base in pairwise(reversed(revisions)):
        common = sittings.get(base.commit, {}).keys() & sittings.get(head.commit, {}).keys()
        if common:
            yield Pair(base, head, tuple(sorted(common)))
