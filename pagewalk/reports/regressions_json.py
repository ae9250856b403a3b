"""The changes of a history as JSON. `regressions.schema.json` describes every field."""

import json

from pagewalk.analysis.regressions.change import Change, Place, Size
from pagewalk.analysis.regressions.told import Regressions
from pagewalk.model import Revision
from pagewalk.reports.json_report import Json, case_as_json, number_as_json
from pagewalk.reports.wording import printable
from pagewalk.units import unit_of_metric

SCHEMA = 1
"""Raised when a field changes its meaning or goes away, not when one is added."""


def render(found: Regressions, *, indent: int | None = None) -> str:
    """Return all that was found as one JSON object and a line feed; only ASCII."""
    return json.dumps(as_json(found), indent=indent, allow_nan=False) + "\n"


def as_json(found: Regressions) -> dict[str, Json]:
    """Return all that was found as values that `json.dumps` takes, valid by the schema."""
    limits = found.limits
    return {
        "schema": SCHEMA,
        "subject": printable(found.subject),
        "settings": {
            "threshold": limits.threshold,
            "exact_tolerance": limits.exact_tolerance,
            "alpha": limits.alpha,
        },
        "series": found.series,
        "short": found.short,
        "missing": {printable(reason): values for reason, values in found.missing.items()},
        "revisions": len(found.revisions),
        "machines": [printable(machine.name) for machine in found.machines],
        "changes": [_change(found, change) for change in found.changes],
    }


def _change(found: Regressions, change: Change) -> Json:
    return {
        **case_as_json(change.series.case),
        "machine": printable(change.series.machine),
        "metric": printable(change.series.metric),
        "unit": unit_of_metric(change.series.metric),
        "kind": str(change.kind),
        "state": str(change.state),
        "range": _range(found, change.place),
        "undone": None if change.undone is None else _range(found, change.undone),
        "returned": None if change.returned is None else _range(found, change.returned),
        "size": None if change.size is None else _size(change.size),
        "ending": printable(change.ending),
        "p": number_as_json(change.p),
        "q": number_as_json(change.q),
        "others": found.others(change),
    }


def _range(found: Regressions, place: Place) -> Json:
    return {
        "last_before": _revision(found.revisions[place.after]),
        "first_after": _revision(found.revisions[place.at]),
        "commits": found.commits.get(place),
    }


def _revision(revision: Revision) -> Json:
    return {"commit": printable(revision.commit), "name": printable(revision.name), "date": revision.date}


def _size(size: Size) -> Json:
    numbers = {
        "before": size.before,
        "after": size.after,
        "ratio": size.ratio,
        "low": size.low,
        "high": size.high,
    }
    return {name: number_as_json(value) for name, value in numbers.items()}
