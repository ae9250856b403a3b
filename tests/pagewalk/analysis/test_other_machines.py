"""What was measured on another processor, kernel or libc is refused, and marked where it is asked for."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import CASE, compare_all, ended, timed

from pagewalk.analysis.comparable import apart
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Record

STEADY = [1.0, 1.001, 0.999, 1.002, 0.998, 1.0, 1.001, 0.9995]
HERE = {"cpu": "Xeon", "kernel": "6.1", "libc": "glibc 2.36"}


def of(facts: Mapping[str, str], factor: float = 1.0) -> Record:
    return timed([factor * value for value in STEADY])._replace(facts=facts)


@pytest.mark.parametrize(
    ("fact", "other", "word"),
    [("cpu", "EPYC", "processor"), ("kernel", "6.12", "kernel"), ("libc", "glibc 2.41", "libc")],
)
def test_another_machine_under_the_same_name_is_refused(fact: str, other: str, word: str) -> None:
    found = compare_all({CASE: of(HERE)}, {CASE: of({**HERE, fact: other}, 2)})
    (row,), (ending,) = found.metrics, found.outcomes
    assert row.verdict is ending.verdict is None
    assert row.evidence == ending.evidence
    assert row.evidence.startswith(f"another {word}: {HERE[fact]} before, {other} after")
    assert "--across-machines" in row.evidence


def test_where_it_is_asked_for_it_is_judged_and_marked() -> None:
    there = of({**HERE, "kernel": "6.12"}, 2)
    found = compare_all({CASE: of(HERE)}, {CASE: there}, Settings(across_machines=True))
    assert found.metrics[0].verdict is Verdict.REGRESSED
    assert any("kernel was 6.1 before and is 6.12 after" in warning for warning in found.warnings)


def test_some_crashes_on_another_kernel_are_no_verdict() -> None:
    before = ended(ok=30)._replace(facts=HERE)
    after = ended(ok=1, crashed=29)._replace(facts={**HERE, "kernel": "6.12"})
    (row,) = compare_all({CASE: before}, {CASE: after}).outcomes
    assert row.verdict is None


@given(st.dictionaries(st.sampled_from(["cpu", "kernel", "libc", "libc6"]), st.text(max_size=5)))
def test_nothing_is_refused_where_a_side_says_nothing_of_its_machine(facts: dict[str, str]) -> None:
    assert apart(of(facts), of({})) == ""
    assert apart(of({}), of(facts)) == ""
    assert apart(of(facts), of(facts)) == ""
    assert apart(None, of(facts)) == ""


def test_the_libc_that_a_workload_brings_counts_and_not_that_of_the_machine() -> None:
    brought = {**HERE, "libc6": "2.41-12"}
    assert apart(of(brought), of({**brought, "libc": "glibc 2.41"})) == ""
    assert apart(of(brought), of({**brought, "libc6": "2.41-13"})).startswith("another libc: 2.41-12")


def test_a_libc_whose_own_allocator_is_under_test_differs_on_purpose() -> None:
    before, after = (
        {**HERE, "libc6": version, "allocator_expected": f"/{version}/libc.so.6"}
        for version in ("2.36", "2.41")
    )
    assert apart(of(before), of(after)) == ""
    assert apart(of(before), of({**after, "allocator_expected": "/m/libmimalloc.so"})).startswith(
        "another libc"
    )


def test_a_governor_that_changed_while_a_side_was_measured_is_a_warning() -> None:
    moved = of(HERE)._replace(varied={"governor": ("performance", "powersave"), "padding": ("1", "2")})
    told = compare_all({CASE: of(HERE)}, {CASE: moved}).warnings
    assert sum("changed while it was measured" in warning for warning in told) == 1
    assert any("governor changed while it was measured, performance then powersave" in w for w in told)


@pytest.mark.parametrize("varied", [{}, {"throttled": ("3", "0")}])
def test_a_processor_that_was_slowed_down_for_heat_is_a_warning(varied: dict[str, tuple[str, ...]]) -> None:
    hot = of({**HERE, "throttled": "0" if varied else "3"})._replace(varied=varied)
    told = compare_all({CASE: of({**HERE, "throttled": "0"})}, {CASE: hot}).warnings
    assert any("slowed down for heat (1 case after)" in warning for warning in told)


def test_a_processor_that_stayed_cool_is_not_mentioned() -> None:
    cool = of({**HERE, "throttled": "0"})
    assert not any("heat" in warning for warning in compare_all({CASE: cool}, {CASE: cool}).warnings)
