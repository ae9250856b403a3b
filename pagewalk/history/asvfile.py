"""asv's own result files written, through asv's own classes.

Leans on internals of asv 0.6: `Results`, `BenchmarkResult`, `Machine`, `get_filename`;
tests/pagewalk/test_asv_contract.py holds what is leant on.
"""

import contextlib
import itertools
import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from asv.machine import Machine as AsvMachine
from asv.results import Results
from asv.runner import BenchmarkResult
from asv.util import UserError

from pagewalk.files import write_whole
from pagewalk.model import Case, Revision

ENVIRONMENT = "pagewalk"
PYTHON = "native"
_FEW = 4_096


@dataclass(frozen=True, slots=True)
class Measured:
    """What asv's file shall say.

    Args:
        samples: by case and metric; None says that the case failed. What is not in it stays as it was.
        taken: when each case was last executed, in seconds since the epoch. The file must not be
            younger than our own log: what asv measured after that stands in its place.
    """

    samples: Mapping[tuple[Case, str], Sequence[float] | None]
    taken: Mapping[Case, float]


def results_name(commit: str) -> str:
    """Return the file name asv gives to the results of a commit in our environment."""
    return f"{commit[:8]}-{ENVIRONMENT}.json"


def write_machine(results: Path, machine: str, facts: Mapping[str, str]) -> dict[str, str]:
    """Write `machine.json` with asv's fields and return them.

    A machine that is already described keeps its description: asv compares by it.
    """
    path = results / machine / "machine.json"
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(path.read_text())
        if known.get("machine") == machine:
            return {name: str(known.get(name, "")) for name, _ in AsvMachine.fields}
    fields = {name: facts.get(name, "") for name, _ in AsvMachine.fields} | {"machine": machine}
    write_whole(
        path, json.dumps(fields | {"version": AsvMachine.api_version}, indent=4, sort_keys=True) + "\n"
    )
    return fields


def write_results(
    results: Path,
    machine: Mapping[str, str],
    revision: Revision,
    benchmarks: Sequence[Mapping[str, Any]],
    measured: Measured,
) -> None:
    """Merge samples into asv's file for one commit on one machine.

    Args:
        benchmarks: asv's own descriptions (`name`, `params`, `version` …) of what was measured.
    """
    params = {**machine, "python": PYTHON}
    stored = Results(params, {}, revision.commit, revision.date * 1000, PYTHON, ENVIRONMENT, {})
    with contextlib.suppress(UserError):
        stored.load_data(str(results))
    for benchmark in benchmarks:
        _add(stored, benchmark, measured)
    folder = results / machine["machine"]
    # asv writes in place; a file cut in half would take the older results with it
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as scratch:
        stored.save(scratch)
        whole = Path(scratch, machine["machine"], results_name(revision.commit))
        write_whole(folder / whole.name, whole.read_text())


def _add(stored: Results, benchmark: Mapping[str, Any], measured: Measured) -> None:
    cases = cases_of(benchmark)
    selected = {i for i, key in enumerate(cases) if key in measured.samples}
    if not selected:
        return
    values: list[float | None] = [math.nan] * len(cases)
    taken: list[list[float] | None] = [None] * len(cases)
    for index in selected:
        found = measured.samples[cases[index]]
        if found is None:
            values[index] = None
        elif found:
            values[index], taken[index] = 0.0, list(found)  # asv computes the value from the samples
    result = BenchmarkResult(
        result=values,
        samples=taken,
        number=[1 if entry else None for entry in taken],
        errcode=0,
        stderr="",
        profile=None,
    )
    # One time stands for all cases of a benchmark: the earliest, so that none seems younger than its log.
    started = datetime.fromtimestamp(min(measured.taken[cases[index][0]] for index in selected), UTC)
    stored.add_result(benchmark, result, started_at=started, record_samples=True, selected_idx=selected)


def cases_of(benchmark: Mapping[str, Any]) -> Sequence[tuple[Case, str]]:
    """Return case and metric of each value of a benchmark, in asv's order."""
    axes = tuple(map(tuple, benchmark["params"]))
    few = math.prod(map(len, axes)) <= _FEW
    return (_kept_cases if few else _product)(benchmark["name"], tuple(benchmark["param_names"]), axes)


def _product(
    name: str, names: tuple[str, ...], axes: tuple[tuple[str, ...], ...]
) -> Sequence[tuple[Case, str]]:
    owner, _, attribute = name.rpartition(".")
    metric = attribute.removeprefix("track_")
    return tuple(
        (Case(owner, tuple(zip(names, values, strict=True))), metric) for values in itertools.product(*axes)
    )


# File after file repeats the same cases; those of a hostile benchmark with millions are not kept
_kept_cases = lru_cache(maxsize=1024)(_product)
