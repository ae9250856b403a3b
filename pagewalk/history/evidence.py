"""Raw evidence in formats that other tools open: pyperf's JSON, and folded stacks.

Names end in `.json.gz` and `.folded`, which asv passes over where a `.json` would draw its warnings.
"""

import gzip
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyperf

from pagewalk.files import write_whole
from pagewalk.history.codec import LoggedRun
from pagewalk.metrics import METRICS
from pagewalk.model import Case, Sample

PYPERF_UNITS = {"seconds": "second", "bytes": "byte"}


def folder(results: Path, machine: str, commit: str) -> Path:
    """Return where the evidence of one commit on one machine lies."""
    return results / machine / "evidence" / commit[:8]


def write_pyperf(path: Path, runs: Sequence[LoggedRun]) -> None:
    """Write the runs of one sitting so that `pyperf stats`, `hist` and `compare_to` open them.

    A benchmark is a case and a metric, a pyperf run one process execution. pyperf refuses values
    that are not above zero, so a metric that ever was zero is left out here; the log has it.
    """
    found: dict[tuple[Case, str], list[tuple[Sample, Mapping[str, str]]]] = defaultdict(list)
    for logged in runs:
        for sample in logged.run.samples:
            found[logged.case, sample.metric].append((sample, logged.run.facts))
    benchmarks = [
        pyperf.Benchmark([_pyperf_run(case, metric, sample, facts) for sample, facts in taken])
        for (case, metric), taken in found.items()
        if all(sample.value > 0 for sample, _ in taken)
    ]
    if benchmarks:
        stream = io.StringIO()
        pyperf.BenchmarkSuite(benchmarks).dump(stream)
        write_whole(path, gzip.compress(stream.getvalue().encode(), mtime=0))


def _pyperf_run(case: Case, metric: str, sample: Sample, facts: Mapping[str, str]) -> pyperf.Run:
    unit = METRICS[metric].unit if metric in METRICS else ""
    metadata = {
        "name": f"{case}.{metric}",
        "unit": PYPERF_UNITS.get(unit, "integer"),
        "pagewalk_origin": sample.provenance.origin.value,
        "pagewalk_precision": sample.provenance.precision.value,
        "pagewalk_source": sample.provenance.source,
    }
    return pyperf.Run([sample.value], metadata=metadata | _pyperf_facts(facts), collect_metadata=False)


def _pyperf_facts(facts: Mapping[str, str]) -> dict[str, str]:
    return {
        f"pagewalk_fact_{name}": " ".join(value.split()) for name, value in facts.items() if value.strip()
    }
