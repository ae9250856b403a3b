"""What the suites ask of their workloads is what these take."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from declared import CASES
from driving_workloads import C_SOURCES, run

from benchmarks import atomics, cache, fault, tlb
from pagewalk.suite import Workload

MODULES = (atomics, cache, fault, tlb)
PROGRAMS = [
    name
    for name, source in C_SOURCES.items()
    if source.parent.name in {module.__name__.rpartition(".")[2] for module in MODULES}
]
CLASSES = [
    each
    for module in MODULES
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Workload) and each is not Workload
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_case_of_a_suite_is_taken_by_its_program(native: Callable[[str], Path], program: str) -> None:
    cases = [case for case in CASES if case.program == program]
    assert cases
    for case in cases:
        said = run(native(program), "--describe=1", *case.arguments)
        assert (said.status, said.stderr) == (0, ""), case.arguments


@pytest.mark.parametrize("suite", CLASSES, ids=lambda suite: str(suite.__name__))
def test_the_quick_profile_is_a_part_of_the_full_one(suite: type[Workload]) -> None:
    quick = suite.quick or ()
    assert set(quick) <= set(itertools.product(*suite.params))
    assert len(set(quick)) == len(quick)
