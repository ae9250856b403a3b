"""From the runs in a log to what they say of a case together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pagewalk.history.codec import LoggedRun
from pagewalk.model import Case, Outcome, Record, Values


def latest_of(runs: Iterable[LoggedRun]) -> Mapping[Case, float]:
    """Return when each case was last executed, in seconds since the epoch."""
    latest: dict[Case, float] = {}
    for logged in runs:
        latest[logged.case] = max(logged.taken, latest.get(logged.case, 0.0))
    return latest


def record_of(case: Case, runs: Sequence[LoggedRun]) -> Record:
    """Return what some runs of a case, at least one, say of it together."""
    outcomes = Counter(logged.run.outcome for logged in runs)
    values: dict[str, Values] = {}
    for metric in _metrics(runs):
        samples = [s for logged in runs for s in logged.run.samples if s.metric == metric]
        if samples:
            worst = min((s.provenance for s in samples), key=lambda provenance: provenance.share)
            values[metric] = Values(metric, tuple(s.value for s in samples), worst)
        else:
            values[metric] = Values(metric, missing=_reason(runs, metric))
    crashes = [logged.run.crash for logged in runs if logged.run.crash is not None]
    facts, varied = runs[-1].run.facts, _varied(runs)
    crash = crashes[-1] if crashes else None
    return Record(case, dict(outcomes), values, crash, facts, runs[-1].sitting, varied)


def _varied(runs: Sequence[LoggedRun]) -> dict[str, tuple[str, ...]]:
    """Return the facts of which the runs that have them do not say the same."""
    seen: dict[str, dict[str, None]] = defaultdict(dict)
    for logged in runs:
        for fact, value in logged.run.facts.items():
            seen[fact][value] = None
    return {fact: tuple(values) for fact, values in seen.items() if len(values) > 1}


def _metrics(runs: Iterable[LoggedRun]) -> list[str]:
    named: dict[str, None] = {}
    for logged in runs:
        named |= dict.fromkeys(sample.metric for sample in logged.run.samples)
        named |= dict.fromkeys(missing.metric for missing in logged.run.missing)
    return list(named)


def _reason(runs: Sequence[LoggedRun], metric: str) -> str:
    reasons = [m.reason for logged in runs for m in logged.run.missing if m.metric == metric]
    return reasons[-1] if reasons else "not recorded"


def samples_of(runs: Sequence[LoggedRun]) -> dict[tuple[Case, str], Sequence[float] | None]:
    """Return samples by case and metric as asv wants them: None for a failure, empty where there are none."""
    by_case: dict[Case, list[LoggedRun]] = defaultdict(list)
    for logged in runs:
        by_case[logged.case].append(logged)
    found: dict[tuple[Case, str], Sequence[float] | None] = {}
    for case, taken in by_case.items():
        record = record_of(case, taken)
        for metric, values in record.values.items():
            failed = not record.outcome.good and record.outcome is not Outcome.UNSUPPORTED
            found[case, metric] = None if failed else values.samples
    return found
