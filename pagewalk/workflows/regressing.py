"""From a history to series over commits, and from ranges of commits to what git knows of them."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pagewalk.analysis.exact import declared_exact, repeats
from pagewalk.analysis.floors import absolute_floor
from pagewalk.analysis.noise_state import differing_state
from pagewalk.analysis.regressions import HistorySeries, SeriesName
from pagewalk.analysis.rules import ENDING
from pagewalk.git import GitFailed, git
from pagewalk.history import History
from pagewalk.history.asvresult import FAILED
from pagewalk.history.noise import MeasuredFloor
from pagewalk.model import Case, Machine, Outcome, Record, Revision

Floors = Mapping[tuple[Case, str], float]
"""Noise floors by case and metric, relative."""


@dataclass(slots=True)
class _Columns:
    """A series while it is read: values and outcomes by index of commit."""

    values: dict[int, float]
    outcomes: dict[int, Outcome]
    missing: list[str]
    exact: bool = True


def ordered(revisions: Sequence[Revision], repository: Path | None) -> list[Revision]:
    """Return revisions in the order of the repository, parents first; by date what it does not know.

    Args:
        repository: of the subject; None where there is none at hand.
    """
    by_date = sorted(revisions, key=lambda revision: (revision.date, revision.commit))
    if repository is None:
        return by_date
    try:
        wanted = "\n".join(revision.commit for revision in by_date)
        arguments = ("log", "--stdin", "--ignore-missing", "--date-order", "--reverse", "--format=%H")
        ranks = {c: i for i, c in enumerate(git(repository, *arguments, stdin=wanted.encode()).splitlines())}
    except GitFailed:  # another project's repository, or a shallow one: dates order as well
        return by_date
    known = [revision for revision in by_date if revision.commit in ranks]
    in_order = iter(sorted(known, key=lambda revision: ranks[revision.commit]))
    # what git does not know stays where its date put it
    return [next(in_order) if revision.commit in ranks else revision for revision in by_date]


def commits_between(repository: Path | None, after: str, at: str) -> int | None:
    """Return how many commits are in after..at, the last one included; None where git cannot tell."""
    if repository is None:
        return None
    try:
        return int(git(repository, "rev-list", "--count", "--end-of-options", f"{after}..{at}"))
    except GitFailed:
        return None


def series_of(
    history: History,
    revisions: Sequence[Revision],
    machine: Machine,
    wanted: Callable[[Case], bool],
    step: Callable[[], None] = lambda: None,
) -> Iterator[HistorySeries]:
    """Yield the series of one machine over `revisions`, in their order.

    Args:
        wanted: chooses cases.
        step: called after each revision.
    """
    columns: dict[tuple[Case, str], _Columns] = defaultdict(lambda: _Columns({}, {}, []))
    facts: dict[Case, Mapping[str, str]] = {}
    for at, revision in enumerate(revisions):
        for case, record in history.records(revision.commit, machine.name).items():
            if wanted(case):
                _add(columns, at, case, record)
                facts[case] = record.facts
        step()
    floors = _holding(history.floors(machine.name), facts)
    for (case, metric), found in columns.items():
        yield HistorySeries(
            SeriesName(machine.name, case, metric),
            [found.values.get(at, math.nan) for at in range(len(revisions))],
            [found.outcomes.get(at) for at in range(len(revisions))],
            exact=found.exact and bool(found.values),
            floor=floors.get((case, metric), 0.0),
            absolute=absolute_floor(metric, {}),
            missing=found.missing,
        )


def floors_of(history: History, machine: str, commits: Sequence[str]) -> Floors:
    """Return the noise floors that hold on a machine, as `series_of` heeds them, without reading its values.

    Args:
        commits: of the history, in order.
    """
    floors = history.floors(machine)
    unknown = {floor.case for floor in floors if floor.circumstances}
    facts: dict[Case, Mapping[str, str]] = {}
    for commit in reversed(commits):
        if not unknown:
            break
        found = history.records(commit, machine)
        facts |= {case: found[case].facts for case in unknown & found.keys()}
        unknown -= found.keys()
    return _holding(floors, facts)


def _holding(floors: Iterable[MeasuredFloor], facts: Mapping[Case, Mapping[str, str]]) -> Floors:
    return {
        (floor.case, floor.metric): floor.floor
        for floor in floors
        # of the newest commit: what was measured in another state of the machine tells nothing of it
        if not differing_state(floor.circumstances, facts.get(floor.case, {}))
    }


def _add(columns: dict[tuple[Case, str], _Columns], at: int, case: Case, record: Record) -> None:
    if record.sitting:
        # our own executions end as a whole, with every metric; asv's ended one by one
        columns[case, ENDING].outcomes[at] = record.outcome
    for metric, values in record.values.items():
        column = columns[case, metric]
        if values.samples:
            column.values[at] = median(values.samples)
            column.exact &= declared_exact(values) and repeats(values)
        elif values.missing != FAILED:
            column.missing.append(values.missing)
        if not record.sitting and (values.samples or values.missing == FAILED):
            column.outcomes[at] = Outcome.OK if values.samples else Outcome.FAILED
