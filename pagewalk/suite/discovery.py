"""Reads `benchmarks/` through asv's own discovery, so that both see the same benchmarks."""

import itertools
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asv_runner.discovery import disc_benchmarks

from pagewalk.errors import ConfigError
from pagewalk.model import Case, Target
from pagewalk.subjects import Subject
from pagewalk.suite.workload import Workload


@dataclass(frozen=True, slots=True)
class SuiteCase:
    """One case of a suite: all that an execution of it needs to know.

    Args:
        arguments: the workload's own, as `--size=64`.
        descriptions: what asv says of its benchmarks, one a metric.
        quick: whether the quick profile measures it.
        unsupported: why it cannot be built or run, by architecture or target.
        ending: how it has to end where that is not well, as `exit status 2`; empty where it has to end well.
    """

    case: Case
    program: str
    arguments: tuple[str, ...]
    exact_loops: int
    threads: bool
    version: str
    descriptions: tuple[Mapping[str, Any], ...]
    quick: bool = True
    unsupported: Mapping[str, str] = field(default_factory=dict)
    ending: str = ""

    def refused(self, target: Target) -> str:
        """Return why the case cannot be had for a target; empty where it can."""
        return self.unsupported.get(str(target)) or self.unsupported.get(target.architecture, "")

    @property
    def family(self) -> str:
        return self.case.benchmark.partition(".")[0]


def discover(root: Path, subject: Subject) -> list[SuiteCase]:
    """Return every case of the families that a subject names.

    Raises:
        ConfigError: a suite cannot be imported.
    """
    folder = root / "benchmarks"
    found: dict[str, tuple[Workload, list[dict[str, Any]]]] = {}
    for name, workload, description in _benchmarks(folder):
        owner = name.rpartition(".")[0]
        if workload.language == subject.language and owner.partition(".")[0] in subject.suites:
            found.setdefault(owner, (workload, []))[1].append(description)
    return [
        case
        for owner, (workload, descriptions) in sorted(found.items())
        for case in cases_of(owner, workload, descriptions)
    ]


def cases_of(owner: str, workload: Workload, descriptions: list[dict[str, Any]]) -> Iterator[SuiteCase]:
    """Yield the cases of one benchmark class, in asv's order of parameters.

    Raises:
        ConfigError: the quick profile names what is no set of parameters of it.
    """
    names = list(workload.param_names)
    shown = descriptions[0]["params"] if descriptions else [[repr(v) for v in vs] for vs in workload.params]
    grid = tuple(itertools.product(*workload.params))
    quick = grid[:1] if workload.quick is None else workload.quick
    if stray := [values for values in quick if values not in grid]:
        raise ConfigError(
            f"{owner}.quick names {stray[0]!r}, which is not in its params",
            f"Name one such as {grid[0]!r}, a value for each of: {', '.join(names)}.",
        )
    for values, texts in zip(grid, itertools.product(*shown), strict=True):
        yield SuiteCase(
            case=Case(owner, tuple(zip(names, texts, strict=True))),
            program=workload.program,
            arguments=workload.arguments(dict(zip(names, values, strict=True))),
            exact_loops=workload.exact_loops,
            threads=workload.threads,
            version=workload.version,
            descriptions=tuple(descriptions),
            quick=values in quick,
            unsupported=workload.unsupported,
            ending=workload.ending,
        )


def _benchmarks(folder: Path) -> Iterator[tuple[str, Workload, dict[str, Any]]]:
    parent = str(folder.resolve().parent)
    if parent not in sys.path:
        sys.path.insert(0, parent)
    try:
        benchmarks = list(disc_benchmarks(str(folder)))
    except Exception as error:  # a suite is a user's code and may raise anything
        raise ConfigError(
            f"The suites in {folder} cannot be imported: {type(error).__name__}: {error}",
            f"See where with `python -c 'import {folder.name}'` in {parent}.",
        ) from error
    for benchmark in benchmarks:
        owner = getattr(benchmark.func, "__self__", None)
        if isinstance(owner, Workload):
            yield benchmark.name, owner, describe(benchmark)


def describe(benchmark: Any) -> dict[str, Any]:
    """Return what asv writes of a benchmark into `benchmarks.json` (asv_runner.discovery.list_benchmarks)."""
    kinds = (str, int, float, list, dict, bool)
    return {k: v for k, v in vars(benchmark).items() if isinstance(v, kinds) and not k.startswith("_")}
