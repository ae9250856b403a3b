"""The comparison as JSON with the gate's answer beside it; the schema is that of the comparison."""

import json

from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.gate import Finding, Gate
from pagewalk.analysis.rules import Exemption
from pagewalk.reports import json_report
from pagewalk.reports.json_report import Json
from pagewalk.reports.wording import printable


def render(comparison: Comparison, gate: Gate) -> str:
    """Return one JSON object and a line feed; only ASCII."""
    return json.dumps({**json_report.as_json(comparison), "gate": as_json(gate)}, allow_nan=False) + "\n"


def as_json(gate: Gate) -> dict[str, Json]:
    """Return the answer as values that `json.dumps` takes."""
    return {
        "answer": gate.answer.name.lower(),
        "exit_status": int(gate.answer),
        "failed": [_finding(finding) for finding in gate.failed],
        "exempted": [_finding(finding) for finding in gate.exempted],
        "expired": [_exemption(exemption) for exemption in gate.expired],
        "idle": [_exemption(exemption) for exemption in gate.idle],
        "unmet": [_exemption(exemption) for exemption in gate.unmet],
        "same_artifact": [
            {**json_report.case_as_json(one.case), "machine": printable(one.machine)}
            for one in gate.unchanged
        ],
        "reused": gate.reused,
    }


def _finding(finding: Finding) -> Json:
    return {
        **json_report.case_as_json(finding.case),
        "machine": printable(finding.machine),
        "metric": printable(finding.metric),
        "verdict": str(finding.verdict),
        "evidence": printable(finding.evidence),
        "exemption": _exemption(finding.exemption) if finding.exemption else None,
    }


def _exemption(exemption: Exemption) -> Json:
    return {
        "bench": printable(exemption.scope.bench),
        "metric": exemption.scope.metric,
        "machine": printable(exemption.scope.machine),
        "reason": printable(exemption.reason),
        "expires": exemption.expires.isoformat(),
    }
