"""Sentences and short texts of the pages. All of it is plain text: whoever draws it escapes it."""

import math
from datetime import UTC, datetime
from functools import lru_cache

from pagewalk.index.answering.model import IndexedRevision
from pagewalk.model import Case, Crash, Outcome, Provenance, Record, Revision, Values
from pagewalk.reports.wording import middle, printable
from pagewalk.units import change, quantity, unit_of_metric


def case_text(case: Case) -> str:
    """Return a case without the names of its parameters, "gomap.Map(lookup-hit, 4096)".

    Names are the same in every row, and what tells rows apart must not be what a narrow column cuts off.
    """
    values = ", ".join(value.strip("'\"") for _, value in case.params)
    return printable(f"{case.benchmark}({values})" if values else case.benchmark)


def value_text(values: Values) -> str:
    """Return the median with its unit; what is missing says so."""
    centre = middle(values)
    return "missing" if centre is None else quantity(centre, unit_of_metric(values.metric))


def source_text(values: Values) -> str:
    """Return how a value was obtained, or why it could not be."""
    if not values.samples:
        return f"Missing: {printable(values.missing) or 'no reason was recorded'}"
    return f"median of {len(values.samples)} · {provenance_text(values.provenance)}"


def provenance_text(provenance: Provenance | None) -> str:
    """Return "kernel, exact: perf_event_open page-faults", with the share where it was multiplexed."""
    if provenance is None:
        return "provenance not recorded"
    share = f", estimated: counted {provenance.share:.0%} of the time" if provenance.share < 1 else ""
    source = f": {printable(provenance.source)}" if provenance.source else ""
    return f"{provenance.origin}, {provenance.precision}{share}{source}"


def provenance_tag(values: Values) -> str:
    """Return the origin and precision alone, as a narrow column shows them."""
    if values.provenance is None:
        return "–" if not values.samples else "not recorded"
    return f"{values.provenance.origin} · {values.provenance.precision}"


def outcome_text(record: Record) -> str:
    """Return how many executions ended how: "SIGSEGV 10/10", "failed 3/10", "ok 10/10"."""
    total = sum(record.outcomes.values())
    outcome = record.outcome
    signalled = outcome is Outcome.CRASHED and record.crash is not None and record.crash.signal
    word = crash_tag(record.crash) if signalled else outcome
    return f"{word} {record.outcomes.get(outcome, 0)}/{total}"


def crash_tag(crash: Crash | None) -> str:
    """Return the signal, or the exit status."""
    if crash is None:
        return ""
    if crash.signal:
        return printable(crash.signal)
    return f"exit {crash.exit_status}" if crash.exit_status is not None else ""


def address_text(crash: Crash) -> str:
    """Return the fault address as debuggers write it."""
    return "not recorded" if crash.fault_address is None else f"{crash.fault_address:#x}"


def date_text(revision: Revision) -> str:
    """Return the day of the commit."""
    return day_text(revision.date)


def day_text(seconds: float | None) -> str:
    """Return a day, in UTC; results may hold any number, also one that is no date."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d") if seconds is not None else "no date"
    except (OverflowError, ValueError, OSError):
        return "no date"


@lru_cache(maxsize=20_000)
def per_operation(unit: str) -> str:
    """Return " per operation" behind a count of a unit as `misses/op`, where no heading says it."""
    return " per operation" if unit.endswith("/op") else ""


@lru_cache(maxsize=20_000)
def revision_line(revision: IndexedRevision) -> str:
    """Return "2024-03-01 · v1.2 (1a2b3c4d5e) · Free in batches": what a person knows a commit by."""
    name, commit = printable(revision.name), printable(revision.commit)[:10]
    known = f"{name} ({commit})" if name and not commit.startswith(name[:10]) else commit
    title = "" if revision.title == revision.name else printable(revision.title)
    return " · ".join(part for part in (day_text(revision.date), known, title) if part)


def change_text(before: float, after: float) -> str:
    """Return how much a level moved, as it is said aloud."""
    return change(after / before if before else math.inf)
