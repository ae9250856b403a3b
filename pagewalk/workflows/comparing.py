"""From a history to a finished comparison: name two revisions, choose what counts, judge it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pagewalk.analysis.comparison import Comparison, judge
from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.noise_state import differing_state
from pagewalk.analysis.past import Place, pasts_of
from pagewalk.analysis.questions import ask
from pagewalk.analysis.settings import Settings
from pagewalk.config import nearest
from pagewalk.errors import ConfigError, UnknownRevision
from pagewalk.history import History
from pagewalk.model import Case, Machine, Record, Revision
from pagewalk.subjects import Subject, apply_patch, resolve
from pagewalk.workflows.pasts import ReadPast, known_before, past_in_files

Pair = tuple[Revision, Revision]
Records = Mapping[Case, Record]
# Shorter than any hash that git prints
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a history is judged.

    Args:
        wanted: tells the cases; None for all of them.
        read_past: what is known of earlier commits; what the files of the history tell by default.
    """

    wanted: Callable[[Case], bool] | None = None
    read_past: ReadPast | None = None


def recorded_pair(history: History, base: str, head: str) -> Pair:
    """Find two revisions among those that have results, by their names or the beginnings of their hashes.

    Raises:
        UnknownRevision: a name that means none of them, or more than one.
        ConfigError: both are the same commit.
    """
    known = history.revisions()
    first, second = _recorded(history, known, base), _recorded(history, known, head)
    return _different(first, second, base, head)


def _recorded(history: History, known: Sequence[Revision], name: str) -> Revision:
    named = [r for r in known if r.name == name]
    found = named or [r for r in known if len(name) >= _SHORTEST and r.commit.startswith(name.lower())]
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(revision.commit[:12] for revision in found[:5])
        raise UnknownRevision(
            f"{name!r} means {len(found)} commits: {which}", "Type more digits of the hash."
        )
    if not known:
        raise UnknownRevision(
            f"The history in {history.folder} has no results at all.",
            "Give an asv results folder, one that holds a folder a machine, with --results DIR.",
        )
    close = nearest(name, [r.name for r in known]) or [r.name for r in known[-3:]]
    raise UnknownRevision(
        f"The history in {history.folder} has no results of {name!r}; it knows {len(known)} commits.",
        f"Name one of them by its hash or name, as {' or '.join(close)}.",
    )


def revision_pair(
    subject: Subject, base: str, head: str | None, patch: Path | None, *, may_be_one: bool = False
) -> Pair:
    """Resolve a base and a head; with a patch, the head is that revision with the patch applied.

    Args:
        may_be_one: whether both may be the same commit.

    Raises:
        ConfigError: nothing to compare with, or both are the same commit.
        UnknownRevision: a name that the subject does not have.
        PatchFailed: the patch does not apply.
    """
    if head is None and patch is None:
        raise ConfigError(
            "There is nothing to compare with.", "Name a HEAD, or give a patch with --patch FILE."
        )
    first = resolve(subject, base)
    second = resolve(subject, head) if head else first
    if patch is not None:
        second = apply_patch(subject, second, patch)
    return (first, second) if may_be_one else _different(first, second, base, head or base)


def _different(first: Revision, second: Revision, base: str, head: str) -> Pair:
    if first.commit == second.commit:
        raise ConfigError(
            f"{base} and {head} are the same commit, {first.commit[:10]}.",
            "Name two different revisions; how much one differs from itself, `pagewalk noise` measures.",
        )
    return first, second


def compare_pair(
    history: History,
    pair: Pair,
    machines: Sequence[Machine],
    patterns: Sequence[str],
    settings: Settings,
) -> Comparison:
    """Judge what the history knows of two revisions on some machines, of the cases that match.

    Raises:
        ConfigError: it knows nothing of one of them, or of a case that matches.
    """
    known = judge_pair(history, pair, machines, settings, Scope(case_filter(patterns)))
    _require(known, history, patterns)
    return known


def judge_pair(
    history: History,
    pair: Pair,
    machines: Sequence[Machine],
    settings: Settings,
    scope: Scope | None = None,
) -> Comparison:
    """Judge two revisions by the rule, with the noise floors that the history holds.

    Machines that have results of neither are left out; there may be none left.
    """
    base, head = pair
    scope = scope or Scope()
    read_past = scope.read_past or (lambda *asked: pasts_of(past_in_files(history, *asked)))
    sides = {
        m.name: tuple(
            _chosen(records, scope.wanted) for records in history.pair(base.commit, head.commit, m.name)
        )
        for m in machines
    }
    present = [machine for machine in machines if any(sides[machine.name])]
    noise: dict[Place, NoiseFloor] = {}
    lapsed: dict[Place, str] = {}
    for name in (machine.name for machine in present):
        measured, unlike = measured_noise(history, name, *sides[name])
        noise |= measured
        lapsed |= unlike
    before, after = ({name: both[side] for name, both in sides.items()} for side in (0, 1))
    asked = ask(base, head, present, before, after, across=settings.across_machines)
    noisy = replace(settings, noise={**noise, **settings.noise}, lapsed=lapsed)
    return judge(asked, noisy, known_before(read_past, asked))


def measured_noise(
    history: History, machine: str, base: Records, head: Records
) -> tuple[dict[Place, NoiseFloor], dict[Place, str]]:
    """Return the A/A noise floors of a machine as the rule takes them, and why others do not hold.

    One that was measured in another state of the machine than either side does not.
    """
    noise: dict[Place, NoiseFloor] = {}
    lapsed: dict[Place, str] = {}
    for floor in history.floors(machine):
        place = (machine, floor.case, floor.metric)
        judged = [records[floor.case].facts for records in (base, head) if floor.case in records]
        reasons = [differing_state(floor.circumstances, facts) for facts in judged]
        if reason := next(filter(None, reasons), ""):
            lapsed[place] = reason
        else:
            noise[place] = NoiseFloor(floor.floor, f"A/A, {floor.comparisons} comparisons")
    return noise, lapsed


def case_filter(patterns: Sequence[str]) -> Callable[[Case], bool]:
    """Return whether a case matches any of some regular expressions; all do if there are none.

    Raises:
        ConfigError: a pattern is no regular expression.
    """
    try:
        compiled = [re.compile(pattern) for pattern in patterns]
    except re.error as error:
        raise ConfigError(f"--bench {error.pattern!r} is no regular expression: {error}") from error
    return lambda case: not compiled or any(pattern.search(str(case)) for pattern in compiled)


def _chosen(records: Records, wanted: Callable[[Case], bool] | None) -> Records:
    return {case: record for case, record in records.items() if wanted(case)} if wanted else records


def _require(comparison: Comparison, history: History, patterns: Sequence[str]) -> None:
    base, head = comparison.base, comparison.head
    if not comparison.machines and not patterns:
        raise ConfigError(
            f"The history in {history.folder} has no results of {base.name} and {head.name}.",
            f"Type `pagewalk compare {base.name} {head.name} --subject {base.subject}` without --no-run.",
        )
    if not comparison.machines:
        raise ConfigError(
            f"The history in {history.folder} has no results of {base.name} and {head.name} "
            f"that match {' or '.join(patterns)}.",
            "Leave out --bench to see what it has.",
        )
