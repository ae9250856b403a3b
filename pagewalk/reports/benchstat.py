"""Samples in Go's benchmark text format (golang.org/design/14313-benchmark-format), for benchstat.

    benchstat -col revision FILE

One line an execution, so that benchstat sees every sample; one revision after the other, told apart by
the configuration key `revision`. Iterations are always 1: values are per operation already.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from pagewalk.analysis.comparison import Comparison, MetricRow
from pagewalk.model import Case, Machine, Precision, Revision, Values
from pagewalk.reports.wording import family_of, printable
from pagewalk.units import unit_of_metric

_GOARCH = {"x86_64": "amd64", "armv7": "arm"}
_UNITS = {"seconds": "sec", "bytes": "B"}
_NO_WORD = re.compile(r"[^\w.+:,'()-]+", re.ASCII)
_PROCESSORS = re.compile(r"-[0-9]+$")


def render(comparison: Comparison) -> str:
    """Return all samples of both revisions."""
    lines = [*_units(comparison.metrics), ""]
    for revision, side in ((comparison.base, "base"), (comparison.head, "head")):
        for machine in comparison.machines:
            rows = [row for row in comparison.metrics if row.machine == machine.name]
            for family, found in groupby(rows, key=family_of):
                lines += [*_configuration(revision, machine, family), *_results(list(found), side), ""]
    return "\n".join(lines)


def unit_of(metric: str) -> str:
    """Return the unit of a metric, one word: benchstat has a table for each."""
    base = unit_of_metric(metric)
    if metric == "time":
        return "sec/op"
    return f"{metric}-{_UNITS.get(base, _word(base.replace('/', '-per-')))}" if base else _word(metric)


def name_of(case: Case) -> str:
    """Return the name: `BenchmarkChurn/size=64`, without a blank and without what looks like GOMAXPROCS."""
    title = _word(case.benchmark.rpartition(".")[2])
    first = title[:1].upper() + title[1:]
    text = "/".join(["Benchmark" + first, *(f"{_word(n)}={_word(v.strip(chr(39)))}" for n, v in case.params)])
    # A trailing -8 would be read as eight processors; -1 is what the absence of any means.
    return f"{text}-1" if _PROCESSORS.search(text) else text


def _word(text: str) -> str:
    return _NO_WORD.sub("_", printable(text)) or "_"


def _units(rows: Sequence[MetricRow]) -> Iterator[str]:
    for metric in dict.fromkeys(row.metric for row in rows):
        found = [
            v.provenance for row in rows if row.metric == metric for v in (row.base, row.head) if v.samples
        ]
        exact = all(p is not None and p.precision is Precision.EXACT for p in found)
        if found:
            yield f"Unit {unit_of(metric)} better=lower{' assume=exact' if exact else ''}"


def _configuration(revision: Revision, machine: Machine, family: str) -> Iterator[str]:
    # The fact `os` of an emulated machine is a sentence; all workloads are programs for Linux.
    yield "goos: linux"
    yield f"goarch: {printable(_GOARCH.get(machine.architecture, machine.architecture))}"
    yield f"pkg: {printable(revision.subject)}/{printable(family)}"
    yield f"machine: {printable(machine.name)}"
    # Any other key that differs between the two would keep benchstat from putting them side by side.
    yield f"revision: {printable(revision.name).strip() or revision.commit}"


def _results(rows: Sequence[MetricRow], side: str) -> Iterator[str]:
    for case, found in groupby(rows, key=lambda row: row.case):
        values = {row.metric: row.base if side == "base" else row.head for row in found}
        for number in range(max(len(one.samples) for one in values.values())):
            pairs = list(_pairs(values, number))
            if pairs:
                yield "\t".join([name_of(case), "1", *pairs])


def _pairs(values: Mapping[str, Values], number: int) -> Iterator[str]:
    for metric, found in values.items():
        if number < len(found.samples) and math.isfinite(found.samples[number]):
            yield f"{found.samples[number]!r} {unit_of(metric)}"
