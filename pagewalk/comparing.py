"""From a history to a finished comparison: name two revisions, choose what counts, judge it."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pagewalk.analysis.comparison import Comparison, compare
from pagewalk.analysis.settings import Settings
from pagewalk.errors import ConfigError
from pagewalk.history import History
from pagewalk.model import Case, Machine, Record, Revision
from pagewalk.subjects import Subject, apply_patch, resolve

Pair = tuple[Revision, Revision]


def revision_pair(subject: Subject, base: str, head: str | None, patch: Path | None) -> Pair:
    """Resolve a base and a head; with a patch, the head is that revision with the patch applied.

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
    if first.commit == second.commit:
        raise ConfigError(
            f"{base} and {head} are the same commit, {first.commit[:10]}.", "Name two different revisions."
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
        ConfigError: it knows nothing of either.
    """
    base, head = pair
    sides = {machine.name: history.pair(base.commit, head.commit, machine.name) for machine in machines}
    measured = [machine for machine in machines if any(sides[machine.name])]
    if not measured:
        raise ConfigError(
            f"The history in {history.folder} has no results of {base.name} and {head.name}.",
            f"Type `pagewalk compare {base.name} {head.name} --subject {base.subject}` without --no-run.",
        )
    chosen = {name: tuple(_matching(records, patterns) for records in pair) for name, pair in sides.items()}
    return compare(
        base,
        head,
        measured,
        {machine.name: chosen[machine.name][0] for machine in measured},
        {machine.name: chosen[machine.name][1] for machine in measured},
        settings,
    )


def _matching(records: Mapping[Case, Record], patterns: Sequence[str]) -> dict[Case, Record]:
    wanted = [re.compile(pattern) for pattern in patterns]
    return {
        case: record
        for case, record in records.items()
        if not wanted or any(pattern.search(str(case)) for pattern in wanted)
    }
