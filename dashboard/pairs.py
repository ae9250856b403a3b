"""Which revisions were meant to be compared: those measured turn by turn, and neighbours in time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pagewalk.model import Revision

Sittings = Mapping[str, Mapping[str, frozenset[str]]]
"""Names of sittings, by machine, by commit; a machine without our own log has an empty set."""


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
    found: dict[tuple[str, str], Pair] = {}
    for pair in [*_sat_together(revisions, sittings), *_neighbours(revisions, sittings)]:
        found.setdefault((pair.base.commit, pair.head.commit), pair)
    return list(found.values())


def _sat_together(revisions: Sequence[Revision], sittings: Sittings) -> Iterator[Pair]:
    members: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for commit, machines in sittings.items():
        for machine, names in machines.items():
            for name in names:
                members[name][commit].add(machine)
    for name in sorted(members, reverse=True):
        present = [revision for revision in revisions if revision.commit in members[name]]
        for base, head in [*_variants(present), *reversed(list(pairwise(_plain_first(present))))]:
            common = members[name][base.commit] & members[name][head.commit]
            if common:
                yield Pair(base, head, tuple(sorted(common)), name)


def _neighbours(revisions: Sequence[Revision], sittings: Sittings) -> Iterator[Pair]:
    for head, base in pairwise(reversed(revisions)):
        common = sittings.get(base.commit, {}).keys() & sittings.get(head.commit, {}).keys()
        if common:
            yield Pair(base, head, tuple(sorted(common)))


def _variants(present: Sequence[Revision]) -> Iterator[tuple[Revision, Revision]]:
    """A variant `go1.25.5+noswissmap` is the head of what it varies, whatever their dates."""
    by_name = {revision.name: revision for revision in present}
    for head in reversed(present):
        plain, plus, _ = head.name.rpartition("+")
        if plus and plain in by_name:
            yield by_name[plain], head


def _plain_first(present: Sequence[Revision]) -> list[Revision]:
    """Leave out variants whose plain revision is here: they are not neighbours of anything else."""
    names = {revision.name for revision in present}
    return [revision for revision in present if revision.name.rpartition("+")[0] not in names]
