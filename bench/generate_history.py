"""Writes a history as asv keeps it, of any size: what the index and the dashboard are measured on.

`python -m bench.generate_history DIR` writes 1,400 commits of 400 benchmarks with 4,300 values: 6 million
values in 555 MB. Values step where a commit changed something, drift, and have outliers; some cases are
skipped (NaN), some failed (null); a benchmark in ten changes its version half way. The same seed writes the
same bytes.
"""

import hashlib
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

COLUMNS = (
    "result",
    "params",
    "version",
    "started_at",
    "duration",
    "stats_ci_99_a",
    "stats_ci_99_b",
    "stats_q_25",
    "stats_q_75",
    "stats_number",
    "stats_repeat",
    "samples",
    "profile",
)
FIRST_DAY = 1_500_000_000
DAY = 86_400
SHAPES = ((), (6,), (4, 2), (3, 4), (5, 5), (2, 2, 3), (8,), ())
"""How many values each parameter has, benchmark by benchmark: 10.9 cases on average with `WIDE`."""
WIDE = (13, 7)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a history is to be."""

    commits: int = 1400
    benchmarks: int = 400
    machines: tuple[str, ...] = ("bench-1",)
    seed: int = 1


def generate(folder: Path, size: Size = Size()) -> Path:
    """Write a history into `folder`, unless the same one is there already, and return the folder."""
    mark = folder / ".complete"
    if mark.is_file() and mark.read_text() == repr(size):
        return folder
    random = np.random.default_rng(size.seed)
    described = {name: _describe(name, i) for i, name in enumerate(_names(size))}
    _write(folder / "benchmarks.json", described | {"version": 2})
    for machine in size.machines:
        facts = {
            "machine": machine,
            "os": "Linux 6.1",
            "arch": "x86_64",
            "cpu": "Xeon",
            "num_cpu": "2",
            "ram": "8G",
        }
        _write(folder / machine / "machine.json", facts | {"version": 1})
        levels = {name: np.exp(random.normal(-9, 3, _cases(d))) for name, d in described.items()}
        for position in range(size.commits):
            _write(*_commit(folder / machine, position, facts, _results(described, levels, position, random)))
    mark.write_text(repr(size))
    return folder


def commit_hash(position: int) -> str:
    """Return the hash of a commit by its place in the history."""
    return hashlib.sha1(str(position).encode()).hexdigest()


def benchmark_name(place: int) -> str:
    """Return the name of a benchmark of the history."""
    return f"suite_{place % 20}.Family{place // 20}.time_operation_{place}"


def _names(size: Size) -> list[str]:
    return [benchmark_name(place) for place in range(size.benchmarks)]


def _describe(name: str, i: int) -> dict[str, Any]:
    shape = WIDE if i % 50 == 7 else SHAPES[i % len(SHAPES)]
    params = [
        [repr(2**k) if axis % 2 == 0 else repr(f"kind-{k}") for k in range(n)] for axis, n in enumerate(shape)
    ]
    names = ["size", "kind", "threads"][: len(params)]
    version = hashlib.sha256(name.encode()).hexdigest()
    return {
        "name": name,
        "params": params,
        "param_names": names,
        "type": "time",
        "unit": "seconds",
        "version": version,
    }


def _cases(description: dict[str, Any]) -> int:
    return math.prod(map(len, description["params"]))


def _results(
    described: dict[str, dict[str, Any]], levels: dict[str, Any], position: int, random: np.random.Generator
) -> dict[str, Any]:
    results = {}
    for i, (name, description) in enumerate(described.items()):
        level = levels[name]
        if random.random() < 0.002:
            level *= math.exp(random.normal(0, 0.2))
        old = i % 10 == 3 and position < 700
        version = "0" * 64 if old else description["version"]
        results[name] = _row(level, description["params"], version, random)
        results[name][3] = (FIRST_DAY + DAY * position) * 1000
    return results


def _commit(
    folder: Path, position: int, facts: dict[str, str], results: dict[str, Any]
) -> tuple[Path, dict[str, Any]]:
    commit, date = commit_hash(position), FIRST_DAY + DAY * position
    body = {
        "commit_hash": commit,
        "env_name": "virtualenv-py3.11",
        "date": date * 1000,
        "params": facts | {"python": "3.11"},
        "python": "3.11",
        "requirements": {},
        "env_vars": {},
        "result_columns": COLUMNS,
        "results": results,
        "durations": {},
    }
    return folder / f"{commit[:8]}-virtualenv-py3.11.json", body | {"version": 2}


def _row(level: Any, params: list[list[str]], version: str, random: np.random.Generator) -> list[Any]:
    n = len(level)
    values = level * np.exp(random.normal(0, 0.01, n) + (random.random(n) < 0.01) * 0.3)
    ends = [values * factor for factor in (0.97, 1.03, 0.985, 1.015)]
    result: list[float | None] = values.tolist()
    columns: list[list[float | None]] = [[float(f"{x:.5g}") for x in end] for end in ends]
    for place in np.flatnonzero(random.random(n) < 0.004):
        result[place] = None if random.random() < 0.5 else math.nan
        for column in columns:
            column[place] = None
    return [result, params, version, None, 1.5, *columns, [1000] * n, [10] * n]


def _write(path: Path, body: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body))


def main() -> int:
    """Write the history of the goals into the folder that is named."""
    if len(sys.argv) != 2:
        print("python -m bench.generate_history DIR", file=sys.stderr)
        return 2
    generate(Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
