"""One result file of asv, read once: what it is of, and every value in it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product, repeat
from pathlib import Path
from typing import Any, NamedTuple

from pagewalk import lenient
from pagewalk.asvcolumns import Columns, entries
from pagewalk.files import MALFORMED
from pagewalk.history.asvfile import cases_of
from pagewalk.model import Case, Origin, Precision, Provenance, Values
from pagewalk.named import named

FAILED = "failed when asv ran it"
UNKNOWN = Provenance(Origin.UNKNOWN, Precision.SAMPLED, "recorded by asv without provenance")
_NOT_RUN = "not available when asv ran it"


class Header(NamedTuple):
    """What asv's result file is of.

    Args:
        date: of the commit, in seconds since the epoch.
    """

    commit: str
    date: int
    environment: str


@dataclass(frozen=True, slots=True, eq=False)
class ResultFile:
    """A result file.

    Args:
        machine: as the file itself has it.
        body: all of it; hostile.
    """

    header: Header
    machine: str
    body: Mapping[str, Any]


def read(path: Path) -> ResultFile | None:
    """Read a result file; None where it is none."""
    try:
        body = lenient.loads(path.read_bytes())
        header = Header(str(body["commit_hash"]), int(body["date"]) // 1000, str(body.get("env_name", "")))
        machine = str(body["params"].get("machine", "")) if isinstance(body.get("params"), dict) else ""
        return ResultFile(header, machine, body) if isinstance(body["results"], dict) else None
    except (OSError, *MALFORMED):
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What a result file says of one benchmark.

    Args:
        name: of the benchmark, as asv has it.
        taken: when, in seconds since the epoch; 0 where nobody told.
        cases: case and metric of each value, in asv's order.
        values: of these.
    """

    name: str
    taken: float
    cases: Sequence[tuple[Case, str]]
    values: Sequence[Values]


def tables_in(file: ResultFile, benchmarks: Mapping[str, Mapping[str, Any]]) -> Iterator[Table]:
    """Yield what a file says of each benchmark.

    Args:
        benchmarks: as `benchmarks.json` describes them; of others nothing is told.

    Raises:
        Exception: one of `pagewalk.files.MALFORMED`, where the file is not what its name says.
    """
    for name, columns in entries(file.body):
        benchmark = benchmarks.get(name)
        if benchmark is None:
            continue
        cases = cases_of(benchmark)
        if (other := _other_version(columns.get("version"), benchmark)) is not None:
            yield Table(name, 0.0, cases, [Values(metric, missing=other) for _, metric in cases])
            continue
        told = _told(columns, benchmark["params"], len(cases))
        yield Table(name, (columns.get("started_at") or 0) / 1000, cases, _all_values(cases, *told))


def _all_values(
    cases: Sequence[tuple[Case, str]],
    result: Sequence[Any],
    samples: Sequence[Any],
    low: Sequence[Any],
    high: Sequence[Any],
) -> list[Values]:
    quartiles = _quartiles(low, high)
    if not any(samples) and None not in result:
        numbers = list(map(float, result))
        if all(map(math.isfinite, numbers)):  # nearly all: made in one go, of thousands
            shared = repeat(UNKNOWN), repeat("")
            metrics = [metric for _, metric in cases]
            return list(named(Values, metrics, list(zip(numbers)), *shared, quartiles))
    told = zip(cases, result, samples, quartiles, strict=True)
    return [_values(metric, value, several, ends) for (_, metric), value, several, ends in told]


_COLUMNS = ("result", "samples", "stats_q_25", "stats_q_75")


def _told(columns: Columns, axes: Sequence[Sequence[str]], size: int) -> list[list[Any]]:
    """Return columns, an entry a case that is described now; None for those that the file has not."""
    own = columns.get("params") or []
    alike = own == axes
    told: list[list[Any]] = []
    for found in map(columns.get, _COLUMNS):
        if found is None:
            told.append([None] * size)
        elif alike and len(found) == size:
            told.append(list(found))
        else:
            by_params = dict(zip(product(*own), found, strict=False))
            told.append([by_params.get(params) for params in product(*axes)])
    return told


def _other_version(was: Any, benchmark: Mapping[str, Any]) -> str | None:
    """Say that a value is of another version of its benchmark: it may be in another unit even."""
    now = benchmark.get("version")
    if was is None or now is None or str(was) == str(now):
        return None
    return f"measured by version {str(was)[:8]} of the benchmark, which is {str(now)[:8]} now"


def _values(
    metric: str, value: Any, samples: Sequence[Any] | None, quartiles: tuple[float, float] | None
) -> Values:
    if value is None:
        return Values(metric, missing=FAILED)
    number = float(value)  # also of a word: see `lenient`
    if math.isnan(number):
        return Values(metric, missing=_NOT_RUN)
    numbers = [float(one) for one in samples if one is not None] if samples else (number,)
    kept = tuple([one for one in numbers if math.isfinite(one)])
    if not kept:
        return Values(metric, missing="no finite value")
    return Values(metric, kept, UNKNOWN, quartiles=quartiles)


def _quartiles(low: Sequence[Any], high: Sequence[Any]) -> list[tuple[float, float] | None]:
    if {*map(type, low), *map(type, high)} == {float}:  # nearly all
        told = zip(low, high, strict=True)
        return [ends if -math.inf < ends[0] < ends[1] < math.inf else None for ends in told]
    return list(map(_both, low, high))


def _both(low: Any, high: Any) -> tuple[float, float] | None:
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    return (float(low), float(high)) if -math.inf < low < high < math.inf else None
