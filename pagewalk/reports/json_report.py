"""A comparison as JSON: all of it, for programs. `comparison.schema.json` describes every field.

Keys come in a fixed order. JSON has no infinity and no NaN: an infinite ratio is the string
"inf", what is not known is null with a reason beside it.
"""

import json
import math
from collections.abc import Mapping

from pagewalk.analysis.comparison import Comparison, MetricRow, OutcomeRow
from pagewalk.analysis.fingerprints import fingerprint
from pagewalk.analysis.outcomes import worst_outcome
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.summary import SEVERITY, summary, worst
from pagewalk.analysis.verdict import Effect, Verdict
from pagewalk.model import Case, Crash, Machine, Outcome, Provenance, Record, Revision, Values
from pagewalk.reports.wording import middle, printable
from pagewalk.units import unit_of_metric

SCHEMA = 1
"""Raised when a field changes its meaning or goes away, not when one is added."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def render(comparison: Comparison, *, indent: int | None = None) -> str:
    """Return the whole comparison as one JSON object and a line feed; only ASCII."""
    return json.dumps(as_json(comparison), indent=indent, allow_nan=False) + "\n"


def as_json(comparison: Comparison) -> dict[str, Json]:
    """Return the comparison as values that `json.dumps` takes, valid by the schema."""
    return {
        "schema": SCHEMA,
        "base": _revision(comparison.base),
        "head": _revision(comparison.head),
        "settings": _settings(comparison.settings),
        "worst": str(worst(comparison)),
        "summary": {printable(name): _counts(counts) for name, counts in summary(comparison).items()},
        "machines": [_machine(machine) for machine in comparison.machines],
        "outcomes": [_outcome_row(row) for row in comparison.outcomes],
        "metrics": [_metric_row(row) for row in comparison.metrics],
        "warnings": [printable(warning) for warning in comparison.warnings],
    }


def number_as_json(value: float) -> Json:
    """A number JSON can hold; "inf" or "-inf"; null for NaN."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def _text_map(facts: Mapping[str, str]) -> Json:
    return {printable(key): printable(facts[key]) for key in sorted(facts)}


def _revision(revision: Revision) -> Json:
    return {
        "subject": printable(revision.subject),
        "commit": printable(revision.commit),
        "name": printable(revision.name),
        "date": revision.date,
    }


def _settings(settings: Settings) -> Json:
    return {
        "threshold": settings.threshold,
        "alpha": settings.alpha,
        "exact_tolerance": settings.exact_tolerance,
    }


def _counts(counts: Mapping[Verdict | None, int]) -> Json:
    return {
        **{str(verdict): counts.get(verdict, 0) for verdict in SEVERITY},
        "not_compared": counts.get(None, 0),
    }


def _machine(machine: Machine) -> Json:
    return {
        "name": printable(machine.name),
        "architecture": printable(machine.architecture),
        "emulated": machine.emulated,
        "facts": _text_map(machine.facts),
    }


def case_as_json(case: Case) -> dict[str, Json]:
    """Return a case as every row of the report begins."""
    # Pairs, not an object: the order of parameters is part of the name.
    params: list[Json] = [{"name": printable(name), "value": printable(value)} for name, value in case.params]
    return {"benchmark": printable(case.benchmark), "params": params}


def _verdict(verdict: Verdict | None) -> Json:
    return None if verdict is None else str(verdict)


def _outcome_row(row: OutcomeRow) -> Json:
    return {
        **case_as_json(row.case),
        "machine": printable(row.machine),
        "verdict": _verdict(row.verdict),
        "evidence": printable(row.evidence),
        "samples_needed": row.samples_needed,
        "base": _record(row.base),
        "head": _record(row.head),
    }


def _record(record: Record) -> Json:
    seen = {str(outcome): record.outcomes[outcome] for outcome in Outcome if record.outcomes.get(outcome)}
    crash = _crash(worst_outcome(record.outcomes), record.crash)
    return {"outcomes": {**seen}, "crash": crash, "sitting": printable(record.sitting)}


def _crash(outcome: Outcome, crash: Crash | None) -> Json:
    if crash is None:
        return None
    return {
        "signal": printable(crash.signal),
        "exit_status": crash.exit_status,
        # As text: an address of 64 bits is more than a JSON number reliably holds.
        "fault_address": None if crash.fault_address is None else hex(crash.fault_address),
        "last_output": [printable(line) for line in crash.last_output],
        "fingerprint": fingerprint(outcome, crash),
        "pc": None if crash.pc is None else hex(crash.pc),
        "frames": [printable(frame) for frame in crash.frames],
        "registers": {printable(name): hex(value) for name, value in crash.registers.items()},
        "code": printable(crash.code),
        "memory": printable(crash.memory),
        "faults": [printable(fault) for fault in crash.faults],
        "page": {printable(word): printable(text) for word, text in crash.page.items()},
    }


def _metric_row(row: MetricRow) -> Json:
    return {
        **case_as_json(row.case),
        "machine": printable(row.machine),
        "metric": printable(row.metric),
        "unit": unit_of_metric(row.metric),
        "verdict": _verdict(row.verdict),
        "evidence": printable(row.evidence),
        "effect": _effect(row.effect),
        "base": _values(row.base),
        "head": _values(row.head),
    }


def _effect(effect: Effect | None) -> Json:
    if effect is None:
        return None
    noise = number_as_json(effect.noise_floor)
    return {
        "ratio": number_as_json(effect.ratio),
        "low": number_as_json(effect.low),
        "high": number_as_json(effect.high),
        "confidence": effect.confidence,
        "p": number_as_json(effect.p),
        "q": number_as_json(effect.q),
        "method": effect.method,
        "exact": effect.exact,
        "threshold": number_as_json(effect.threshold),
        "noise_floor": noise,
        "noise_floor_missing": "never measured" if noise is None else "",
        "samples_needed": effect.samples_needed,
    }


def _values(values: Values) -> Json:
    median = middle(values)
    return {
        "median": None if median is None else number_as_json(median),
        "samples": [number_as_json(sample) for sample in values.samples],
        "missing": printable(values.missing),
        "provenance": _provenance(values.provenance),
    }


def _provenance(provenance: Provenance | None) -> Json:
    if provenance is None:
        return None
    return {
        "origin": str(provenance.origin),
        "precision": str(provenance.precision),
        "source": printable(provenance.source),
        "share": number_as_json(provenance.share),
    }
