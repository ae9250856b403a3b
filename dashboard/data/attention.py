"""What needs attention now: levels that got worse and stayed so, and crashes that still happen. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboard.data.benchmarks import split
from dashboard.data.crashes import kinds_of
from pagewalk.history.triage import Decision, Finding, Kind, Note
from pagewalk.index.answering.model import CrashRow, IndexedRevision, Regression


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that needs attention.

    Args:
        finding: what decisions are about.
        severity: |log2 ratio| of the worst series; infinite for a crash.
        at: the first commit known to be bad.
        machines: where it shows.
        regression: None for a crash.
        crash: the newest record; None for a change.
        series: how many series of the benchmark moved.
        others: other benchmarks that moved at the same commit.
        note: what somebody decided about it; None where nobody has.
    """

    finding: Finding
    severity: float
    at: IndexedRevision
    machines: tuple[str, ...]
    regression: Regression | None
    crash: CrashRow | None
    series: int
    others: tuple[str, ...]
    note: Note | None

    @property
    def settled(self) -> bool:
        """Whether somebody decided that nothing is left to do."""
        return self.note is not None and self.note.decision in (Decision.FALSE_ALARM, Decision.FIXED)


def alarms(
    regressions: Sequence[Regression],
    crashes: Sequence[CrashRow],
    newest: Mapping[str, int],
    notes: Mapping[Finding, Note],
) -> list[Alarm]:
    """Return what needs attention, the most severe first, what is settled last.

    Args:
        newest: position of the newest commit of every machine; a crash at an older one is over.
    """
    found = [*_crashes(crashes, newest, notes), *_regressions(regressions, notes)]
    return sorted(found, key=lambda alarm: (alarm.settled, -alarm.severity, -alarm.at.position))


def _regressions(found: Sequence[Regression], notes: Mapping[Finding, Note]) -> Iterator[Alarm]:
    together: dict[str, list[str]] = {}
    for one in found:
        together.setdefault(one.first.commit, []).append(one.benchmark)
    for one in found:
        commit, workload = one.first.commit, split(one.benchmark)[0]
        finding = Finding(Kind.CHANGE, commit, one.benchmark)
        yield Alarm(
            finding,
            one.severity,
            one.first,
            one.machines,
            one,
            None,
            one.series,
            tuple(name for name in together[commit] if split(name)[0] != workload),
            notes.get(finding),
        )


def _crashes(
    rows: Sequence[CrashRow], newest: Mapping[str, int], notes: Mapping[Finding, Note]
) -> Iterator[Alarm]:
    now = [row for row in rows if row.revision.position >= newest.get(row.machine, 0)]
    lasting = {row.fingerprint for row in now}
    for kind in kinds_of([row for row in rows if row.fingerprint in lasting]):
        last = kind.rows[0]
        finding = Finding(Kind.CRASH, kind.fingerprint, last.benchmark)
        yield Alarm(
            finding,
            float("inf"),
            kind.first,
            kind.machines,
            None,
            last,
            kind.executions,
            (),
            notes.get(finding),
        )
