"""What a result file of asv says of each benchmark, in columns. Formats 1 and 2: asv's `asv/results.py`."""

from collections.abc import Iterator, Mapping
from typing import Any

Columns = Mapping[str, Any]
"""By the names of format 2, as `result`, `params`, `stats_q_25`: an entry a case, or None. Hostile."""


def entries(body: Mapping[str, Any]) -> Iterator[tuple[str, Columns]]:
    """Yield name and columns of every benchmark of a file, whichever format it is written in."""
    columns = body.get("result_columns")
    names = list(map(str, columns)) if isinstance(columns, list) else None
    for name, entry in body["results"].items():
        if names is not None and isinstance(entry, list):
            yield name, dict(zip(names, entry, strict=False))
        else:
            yield name, _format_1(body, name, entry)


def _format_1(body: Mapping[str, Any], name: str, entry: Any) -> Columns:
    entry = entry if isinstance(entry, dict) else {"result": entry, "params": []}
    result = entry.get("result")
    several = isinstance(result, list)
    stats = entry.get("stats") if several else [entry.get("stats")]
    columns: dict[str, Any] = {
        "result": result if several else [result],
        "params": entry.get("params") or [],
        "samples": entry.get("samples") if several else [entry.get("samples")],
        "version": _of(body.get("benchmark_version"), name),
        "started_at": _of(body.get("started_at"), name),
    }
    if isinstance(stats, list):
        pairs = [_of(one, "ci_99") for one in stats]
        ends = [pair if isinstance(pair, list) and len(pair) == 2 else (None, None) for pair in pairs]
        columns["stats_ci_99_a"], columns["stats_ci_99_b"] = [a for a, _ in ends], [b for _, b in ends]
        columns["stats_q_25"] = [_of(one, "q_25") for one in stats]
        columns["stats_q_75"] = [_of(one, "q_75") for one in stats]
    return columns


def _of(mapping: Any, key: str) -> Any:
    return mapping.get(key) if isinstance(mapping, dict) else None
