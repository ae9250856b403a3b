"""Results folders as asv itself writes them, through asv's own classes, and as older ones wrote them."""

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asv.results import Results
from asv.runner import BenchmarkResult

BENCHMARK = {"name": "sort.time_sort", "params": [["1", "2"], ["'a'", "'b'", "'c'"]], "version": "v1"}
FACTS = {
    "machine": "box",
    "arch": "x86_64",
    "os": "Linux",
    "cpu": "",
    "num_cpu": "2",
    "ram": "8",
    "python": "3.11",
}


def commit_of(number: int) -> str:
    """Return a hash that is easy to tell."""
    return f"{number:08x}" * 5


def write_with_asv(root: Path, number: int, values: Sequence[float | None], **benchmark: Any) -> Path:
    """Write one result file with asv's own code; each value is the median of three samples around it."""
    described = BENCHMARK | benchmark
    stored = Results(
        FACTS | {"python": "3.11"},
        {},
        commit_of(number),
        1_600_000_000_000 + number * 1000,
        "3.11",
        "venv",
        {},
    )
    good = [v is not None and math.isfinite(v) for v in values]
    result = BenchmarkResult(
        result=list(values),
        samples=[
            [v * 0.9, v, v * 1.1] if ok and v is not None else None
            for v, ok in zip(values, good, strict=True)
        ],
        number=[1 if ok else None for ok in good],
        errcode=0,
        stderr="",
        profile=None,
    )
    stored.add_result(described, result, started_at=datetime(2020, 1, 1, tzinfo=UTC), record_samples=True)
    stored.save(str(root))
    return root / "box" / f"{commit_of(number)[:8]}-venv.json"


def _around(value: float) -> list[float]:
    return [value * 0.9, value, value * 1.1]


def describe(root: Path, **benchmark: Any) -> None:
    """Write `benchmarks.json` and `machine.json`."""
    body = BENCHMARK | {"param_names": ["n", "kind"], "unit": "seconds", "type": "time"} | benchmark
    root.mkdir(parents=True, exist_ok=True)
    (root / "benchmarks.json").write_text(json.dumps({body["name"]: body, "version": 2}))
    (root / "box").mkdir(exist_ok=True)
    (root / "box" / "machine.json").write_text(json.dumps(FACTS | {"version": 1}))


def write_raw(root: Path, number: int, results: Any, *, machine: str = "box", **body: Any) -> Path:
    """Write a result file byte by byte, whatever is in it."""
    path = root / machine / f"{commit_of(number)[:8]}-venv.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {
        "commit_hash": commit_of(number),
        "date": 1_600_000_000_000 + number * 1000,
        "env_name": "venv",
        "params": FACTS,
        "results": results,
    }
    path.write_text(json.dumps(whole | body))
    return path
