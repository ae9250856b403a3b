"""`gate.toml` → Rules. docs/ci.md has a complete example that is read as a test."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pagewalk.analysis.rules import ENDING, Exemption, Rules, Scope, Threshold
from pagewalk.config import Table, nearest, read_toml
from pagewalk.metrics import METRICS

_SCOPE = ("bench", "metric", "runner")


def read_rules(path: Path, machines: Mapping[str, str]) -> Rules:
    """Read thresholds and exemptions.

    Args:
        machines: asv's machine name by runner name; a runner that is not here is taken as a machine's name.

    Raises:
        ConfigError: a mistake; names the line.
    """
    table = read_toml(path)
    table.allow("threshold", "exempt")
    return Rules(
        thresholds=tuple(_threshold(entry, machines) for entry in table.tables("threshold")),
        exemptions=tuple(_exemption(entry, machines) for entry in table.tables("exempt")),
    )


def _threshold(entry: Table, machines: Mapping[str, str]) -> Threshold:
    entry.allow(*_SCOPE, "relative")
    if entry.text("metric", "") == ENDING:
        raise entry.error(f"{ENDING!r} has no threshold", "Name a metric, or leave it out for all.", "metric")
    relative = entry.number("relative", least=0.0)
    return Threshold(_scope(entry, machines), relative)


def _exemption(entry: Table, machines: Mapping[str, str]) -> Exemption:
    entry.allow(*_SCOPE, "reason", "expires")
    reason = entry.text("reason")
    if not reason.strip():
        raise entry.error("reason is empty", "Say why this is put up with: an issue, a plan.", "reason")
    expires = datetime.fromtimestamp(entry.seconds("expires"), UTC).date()
    return Exemption(_scope(entry, machines), reason, expires)


def _scope(entry: Table, machines: Mapping[str, str]) -> Scope:
    bench, metric, runner = entry.text("bench"), entry.text("metric", ""), entry.text("runner", "")
    try:
        re.compile(bench)
    except re.error as error:
        raise entry.error(
            f"bench {bench!r} is no regular expression: {error}", "Escape it with \\.", "bench"
        ) from error
    known = [*METRICS, ENDING]
    if metric and metric not in known:
        close = nearest(metric, known, 1)
        remedy = f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(known)}."
        raise entry.error(f"unknown metric {metric!r}", remedy, "metric")
    return Scope(bench, metric, machines.get(runner, runner))
