"""From a history to a finished comparison: name two revisions, choose what counts, judge it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pagewalk.analysis.comparison import Comparison, compare
from pagewalk.analysis.noise import NoiseFloor
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
        ConfigError: it knows nothing of one of them, or of a case that matches.
    """
    known = judge_pair(history, pair, machines, settings, case_filter(patterns))
    _require(known, history, patterns)
    return known


def judge_pair(
    history: History,
    pair: Pair,
    machines: Sequence[Machine],
    settings: Settings,
    wanted: Callable[[Case], bool] = lambda _case: True,
) -> Comparison:
    """Judge two revisions by the rule, with the noise floors that the history holds.

    Machines that have results of neither are left out; there may be none left.
    """
    base, head = pair
    sides = {m.name: history.pair(base.commit, head.commit, m.name) for m in machines}
    measured = [machine for machine in machines if any(sides[machine.name])]
    noise = {place: floor for m in measured for place, floor in measured_noise(history, m.name).items()}
    chosen = {name: tuple(_chosen(records, wanted) for records in both) for name, both in sides.items()}
    return compare(
        base,
        head,
        measured,
        {machine.name: chosen[machine.name][0] for machine in measured},
        {machine.name: chosen[machine.name][1] for machine in measured},
        replace(settings, noise={**noise, **settings.noise}),
    )


def measured_noise(history: History, machine: str) -> dict[tuple[str, Case, str], NoiseFloor]:
    """Return the A/A noise floors of a machine as the rule takes them."""
    return {
        (machine, f.case, f.metric): NoiseFloor(f.floor, f"A/A, {f.comparisons} comparisons")
        for f in history.floors(machine)
    }


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


def _chosen(records: Mapping[Case, Record], wanted: Callable[[Case], bool]) -> dict[Case, Record]:
    return {case: record for case, record in records.items() if wanted(case)}


def _require(comparison: Comparison, history: History, patterns: Sequence[str]) -> None:
    base, head = comparison.base, comparison.head
    if not comparison.machines:
        raise ConfigError(
            f"The history in {history.folder} has no results of {base.name} and {head.name}.",
            f"Type `pagewalk compare {base.name} {head.name} --subject {base.subject}` without --no-run.",
        )
    if patterns and not comparison.outcomes and not comparison.metrics:
        raise ConfigError(
            f"No case that was measured matches {' or '.join(patterns)}.",
            "Leave out --bench to see which there are.",
        )
