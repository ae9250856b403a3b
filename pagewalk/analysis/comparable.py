"""Which numbers may be compared at all."""

import math

from pagewalk.analysis.outcomes import tally, worst_outcome
from pagewalk.model import Origin, Outcome, Record, Values

_NO_SAMPLE = "no sample:"
_OWN_LIBC = ("libc.so", "ld-musl")
"""How the file begins that has the allocator of the libc itself."""


def values_of(record: Record | None, metric: str, revision: str) -> Values:
    """Return a metric of a record; missing with the reason where the record has none."""
    if record is None:
        return Values(metric, missing=f"not measured at {revision}")
    found = record.values.get(metric)
    if found is not None and (found.samples or found.missing):
        return found
    bad = worst_outcome(record.outcomes)
    if bad is not Outcome.OK:
        return Values(metric, missing=f"{_NO_SAMPLE} {bad}")
    if record.outcome is Outcome.AS_EXPECTED:
        return Values(metric, missing=f"{_NO_SAMPLE} ended badly as expected")
    unsupported = Outcome.UNSUPPORTED in record.outcomes and not tally(record).total
    return Values(metric, missing="unsupported here" if unsupported else "not recorded")


def why_not(base: Values, head: Values) -> str:
    """Return why two sets of samples cannot be compared; empty where they can."""
    if not (base.samples and head.samples):
        return _absent(base, head)
    for sample in base.samples + head.samples:
        if not 0 <= sample < math.inf:
            return _impossible(base, head)
    if base.provenance is head.provenance:  # nearly all, and a page has thousands
        return ""
    before, after = _origin(base), _origin(head)
    if before is not after:
        return f"{before} before, {after} after: obtained differently, so not comparable"
    return ""


def _impossible(base: Values, head: Values) -> str:
    """Say which sample cannot be."""
    word, sample, metric = next(
        (word, sample, values.metric)
        for word, values in (("before", base), ("after", head))
        for sample in values.samples
        if not 0 <= sample < math.inf
    )
    return f"{word}: a sample is {sample}, which no {metric} can be"


def apart(base: Record | None, head: Record | None) -> str:
    """Return why two records are of different machines, whatever their name; empty where they are not.

    What a record does not say of its machine, as plain asv's never do, keeps nothing apart.
    """
    if base is None or head is None or not (base.facts and head.facts):
        return ""
    for fact, before, after in (
        ("processor", base.facts.get("cpu"), head.facts.get("cpu")),
        ("kernel", base.facts.get("kernel"), head.facts.get("kernel")),
        ("libc", *_libcs(base, head)),
    ):
        if before and after and before != after:
            return (
                f"another {fact}: {before} before, {after} after; measure both on one with --fresh, "
                "or compare them all the same with --across-machines"
            )
    return ""


def _libcs(base: Record, head: Record) -> tuple[str | None, str | None]:
    """Return what the workloads met: the libc they brought, else the machine's.

    Where the allocator of the libc itself is under test on both sides, it differs on purpose.
    """
    owns = [record.facts.get("allocator_expected", "").rpartition("/")[2] for record in (base, head)]
    if all(own.startswith(_OWN_LIBC) for own in owns):
        return None, None
    if "libc6" in base.facts or "libc6" in head.facts:
        return base.facts.get("libc6"), head.facts.get("libc6")
    return base.facts.get("libc"), head.facts.get("libc")


def _absent(base: Values, head: Values) -> str:
    reasons = [
        (word, values.missing or "no samples")
        for word, values in (("before", base), ("after", head))
        if not values.samples
    ]
    distinct = {reason for _, reason in reasons}
    if len(reasons) == 2 and len(distinct) == 2:
        # An execution that ended badly would not have had a counter that its place does not have.
        distinct = {reason for reason in distinct if not reason.startswith(_NO_SAMPLE)} or distinct
    if len(reasons) == 2 and len(distinct) == 1:
        return distinct.pop()
    return "; ".join(f"{word}: {reason}" for word, reason in reasons)


def _origin(values: Values) -> Origin:
    return values.provenance.origin if values.provenance else Origin.UNKNOWN


def taken_in_turns(base: Record, head: Record) -> bool:
    """Return whether the i-th samples of two records were taken in the same turn.

    An execution that ended badly leaves no sample, and what follows no longer lines up.
    """
    together = base.sitting == head.sitting != ""
    return together and base.outcome is Outcome.OK and head.outcome is Outcome.OK
