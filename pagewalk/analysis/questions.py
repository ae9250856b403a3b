"""What there is to be judged: cases facing each other, and their metrics."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from typing import NamedTuple

from pagewalk.analysis.comparable import apart, taken_in_turns, values_of, why_not
from pagewalk.analysis.exact import both_exact
from pagewalk.analysis.past import Place
from pagewalk.metrics import METRICS
from pagewalk.model import Case, Machine, Record, Revision, Values
from pagewalk.named import named

Records = Mapping[Case, Record]
_FEW = 20_000
"""Cases, whose order is kept."""
_ORDER = {name: position for position, name in enumerate(METRICS)}


class Pairing(NamedTuple):
    """One case on one machine, before and after; at least one side has a record.

    Args:
        refused: why nothing of it may be compared; empty where it may.
    """

    machine: Machine
    case: Case
    base: Record | None
    head: Record | None
    refused: str = ""


class Question(NamedTuple):
    """One metric of a pairing.

    Args:
        place: what it is about.
        why_not: why it cannot be answered; empty where it can.
        sampled: whether it takes a test to answer.
    """

    pairing: Pairing
    place: Place
    base: Values
    head: Values
    why_not: str
    sampled: bool

    @property
    def in_turns(self) -> bool:
        """Whether the i-th samples of both sides were taken in the same turn."""
        base, head = self.pairing.base, self.pairing.head
        alike = len(self.base.samples) == len(self.head.samples)
        return alike and base is not None and head is not None and taken_in_turns(base, head)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """All that is asked of two revisions. A question is known by its place among them."""

    base: Revision
    head: Revision
    machines: tuple[Machine, ...]
    facing: Sequence[Pairing]
    questions: Sequence[Question]


def ask(  # noqa: PLR0913 (two revisions, and what was measured of each)
    base: Revision,
    head: Revision,
    machines: Sequence[Machine],
    base_records: Mapping[str, Records],
    head_records: Mapping[str, Records],
    *,
    across: bool,
) -> Asked:
    """Return what there is to be judged of every metric of every case on every machine.

    Args:
        base_records, head_records: by machine name, then by case.
        across: whether to compare what was measured on another processor, kernel or libc.
    """
    facing = [
        pairing
        for machine in machines
        for pairing in _pairings(
            machine, base_records.get(machine.name, {}), head_records.get(machine.name, {}), across=across
        )
    ]
    return Asked(base, head, tuple(machines), facing, _questions(facing, base, head))


def _pairings(machine: Machine, base: Records, head: Records, *, across: bool) -> list[Pairing]:
    """Return each case of either side, by name and parameters: the history's order is that of taking."""
    cases, before, after = _facing(base, head)
    refused = repeat("") if across else list(map(apart, before, after))
    found = list(named(Pairing, repeat(machine), cases, before, after, refused))
    order = _kept_order(tuple(cases)) if len(cases) <= _FEW else _order(cases)
    return [found[place] for place in order]


def _facing(base: Records, head: Records) -> tuple[list[Case], list[Record | None], list[Record | None]]:
    """Return each case of either side, and its records."""
    cases = list(base)
    if cases == list(head):  # nearly always
        return cases, list(base.values()), list(head.values())
    cases = list(dict.fromkeys(chain(base, head)))
    return cases, list(map(base.get, cases)), list(map(head.get, cases))


def _order(cases: Sequence[Case]) -> list[int]:
    """Return the places of cases by name and parameters; those of one benchmark mostly are in order."""
    by_benchmark: dict[str, list[int]] = {}
    for place, case in enumerate(cases):
        by_benchmark.setdefault(case.benchmark, []).append(place)
    of_each = (sorted(by_benchmark[name], key=lambda at: _place(cases[at])) for name in sorted(by_benchmark))
    return list(chain.from_iterable(of_each))


# Commit after commit has the same cases
_kept_order = lru_cache(maxsize=8)(_order)


def _place(case: Case) -> tuple[tuple[str, float, str], ...]:
    """A sort key under which 64 comes before 1536, and numbers before words."""
    return tuple([(name, _magnitude(value), value) for name, value in case.params])


@lru_cache(maxsize=4096)  # thousands of cases share a few values
def _magnitude(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        return math.inf
    return math.inf if math.isnan(number) else number


def _questions(facing: Sequence[Pairing], base: Revision, head: Revision) -> list[Question]:
    """Return each metric that either side of a pairing says anything about: thousands, so by columns."""
    about = [(pairing, metric) for pairing in facing for metric in _metrics(pairing)]
    before = [values_of(pairing.base, metric, base.name) for pairing, metric in about]
    after = [values_of(pairing.head, metric, head.name) for pairing, metric in about]
    whys = [
        why or pairing.refused for (pairing, _), why in zip(about, map(why_not, before, after), strict=True)
    ]
    exact = map(both_exact, before, after)
    sampled = [not why and not repeats for why, repeats in zip(whys, exact, strict=True)]
    places = [(pairing.machine.name, pairing.case, metric) for pairing, metric in about]
    return list(named(Question, [pairing for pairing, _ in about], places, before, after, whys, sampled))


def _metrics(pairing: Pairing) -> list[str]:
    """Return the metrics that either side says anything about, in the order of `METRICS`."""
    base, head = pairing.base, pairing.head
    before = base.values if base is not None else {}
    after = head.values if head is not None else {}
    metrics = list(before if before.keys() == after.keys() else {**before, **after})
    return sorted(metrics, key=_metric_place) if len(metrics) > 1 else metrics


def _metric_place(name: str) -> int:
    return _ORDER.get(name, len(_ORDER))
