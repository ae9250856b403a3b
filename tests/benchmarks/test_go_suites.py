"""The suites of Go: every program is measured, and every set of parameters is one that its program takes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import GO_PROGRAMS, ROOT, run

from pagewalk.model import Target
from pagewalk.subjects import load_subject
from pagewalk.suite import discover
from pagewalk.suite.discovery import SuiteCase


@pytest.fixture(scope="module")
def cases() -> list[SuiteCase]:
    return discover(ROOT, load_subject("go", ROOT))


def test_every_go_program_is_measured_by_a_benchmark(cases: list[SuiteCase]) -> None:
    assert {case.program for case in cases} == set(GO_PROGRAMS)


def test_plugins_for_arm64_are_refused_with_a_reason_and_nothing_else_is(cases: list[SuiteCase]) -> None:
    refused = {
        (case.program, architecture): reason
        for case in cases
        for architecture in ("x86_64", "arm64", "riscv64")
        if (reason := case.refused(Target(architecture)))
    }
    assert list(refused) == [("goplugin", "arm64")]
    assert "gold" in refused["goplugin", "arm64"]


@pytest.mark.slow
def test_every_set_of_parameters_is_one_that_its_program_takes(
    cases: list[SuiteCase], go: Callable[[str], Path]
) -> None:
    for case in cases:
        said = run(go(case.program), "--describe=1", *case.arguments)
        assert said.status == 0, f"{case.case}: {said.stderr}"
