"""Crashes are results: compared before any number is."""

import pytest
from judging import compare_endings, ended

from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Crash

BUS = Crash("SIGBUS", fault_address=0x21004)


@pytest.mark.parametrize("bad", ["crashed", "failed", "timeout", "out_of_memory", "build_failed"])
def test_what_was_ok_and_now_ends_badly_is_broken_and_the_reverse_is_fixed(bad: str) -> None:
    assert compare_endings(ended(ok=10), ended(**{bad: 10})).verdict is Verdict.BROKEN
    assert compare_endings(ended(**{bad: 10}), ended(ok=10)).verdict is Verdict.FIXED


def test_the_same_crash_on_both_sides_is_the_same_and_says_so() -> None:
    row = compare_endings(ended(BUS, crashed=10), ended(BUS, crashed=10))
    assert row.verdict is Verdict.SAME
    assert "10 of 10 crashed (SIGBUS at 0x21004) on both sides" in row.evidence


def test_an_address_that_randomisation_moved_is_still_the_same_crash() -> None:
    other = Crash("SIGBUS", fault_address=0x7F0012345678)
    assert compare_endings(ended(BUS, crashed=3), ended(other, crashed=3)).verdict is Verdict.SAME


@pytest.mark.parametrize(
    ("crash", "outcome"),
    [
        (Crash("SIGSEGV", fault_address=0x21004), "crashed"),
        (Crash("SIGBUS", fault_address=0x10), "crashed"),
        (Crash(exit_status=2), "failed"),
        (None, "timeout"),
    ],
)
def test_a_different_bad_ending_is_broken(crash: Crash | None, outcome: str) -> None:
    row = compare_endings(ended(BUS, crashed=10), ended(crash, **{outcome: 10}))
    assert row.verdict is Verdict.BROKEN
    assert "in a different way" in row.evidence


def test_a_crash_of_which_nothing_is_known_is_not_called_a_different_one() -> None:
    assert compare_endings(ended(BUS, crashed=10), ended(crashed=10)).verdict is Verdict.SAME


def test_three_crashes_in_ten_after_none_are_not_yet_sure_and_say_how_many_more_it_takes() -> None:
    row = compare_endings(ended(ok=10), ended(ok=7, crashed=3))
    assert row.verdict is Verdict.UNSURE
    wanted = 10 + row.samples_needed
    bad = round(0.3 * wanted)
    assert compare_endings(ended(ok=wanted), ended(ok=wanted - bad, crashed=bad)).verdict is Verdict.BROKEN
    assert f"about {row.samples_needed} more" in row.evidence


def test_nine_crashes_in_ten_after_none_are_broken_and_the_reverse_fixed() -> None:
    assert compare_endings(ended(ok=10), ended(ok=1, crashed=9)).verdict is Verdict.BROKEN
    assert compare_endings(ended(ok=1, crashed=9), ended(ok=10)).verdict is Verdict.FIXED


def test_what_crashes_less_often_is_improved_but_not_fixed() -> None:
    assert compare_endings(ended(crashed=20), ended(ok=17, crashed=3)).verdict is Verdict.IMPROVED
    assert compare_endings(ended(ok=17, crashed=3), ended(crashed=20)).verdict is Verdict.REGRESSED


def test_equal_shares_of_crashes_are_not_shown_to_be_the_same() -> None:
    row = compare_endings(ended(ok=5, crashed=5), ended(ok=5, crashed=5))
    assert row.verdict is Verdict.UNSURE
    assert row.samples_needed > 0


@pytest.mark.parametrize("other", [{"ok": 10}, {"crashed": 10}, {"unsupported": 1}])
def test_what_a_machine_does_not_support_has_no_verdict(other: dict[str, int]) -> None:
    for row in (
        compare_endings(ended(unsupported=1), ended(**other)),
        compare_endings(ended(**other), ended(unsupported=1)),
    ):
        assert row.verdict is None
        assert "unsupported" in row.evidence


def test_what_was_never_executed_has_no_verdict() -> None:
    row = compare_endings(ended(), ended(ok=3))
    assert row.verdict is None
    assert "never executed" in row.evidence


RACE = Crash(exit_status=2)


def test_a_failure_that_was_expected_on_both_sides_is_the_same_and_says_that_it_was_expected() -> None:
    row = compare_endings(ended(RACE, as_expected=10), ended(RACE, as_expected=10))
    assert row.verdict is Verdict.SAME
    assert "10 of 10 ended as expected (exit status 2) after" in row.evidence


def test_an_expected_failure_that_does_not_come_any_more_is_broken_and_the_reverse_fixed() -> None:
    missed = Crash(exit_status=0, last_output=("it has to end with exit status 2, and ended well",))
    assert compare_endings(ended(RACE, as_expected=10), ended(missed, failed=10)).verdict is Verdict.BROKEN
    assert compare_endings(ended(missed, failed=10), ended(RACE, as_expected=10)).verdict is Verdict.FIXED


def test_one_execution_that_did_not_end_as_expected_counts_before_all_that_did() -> None:
    assert ended(RACE, as_expected=9, failed=1).outcome == "failed"
    assert ended(RACE, as_expected=9).outcome == "as-expected"


def stripped(symbol: str, distance: int) -> Crash:
    return Crash("SIGSEGV", frames=(f"near {symbol}+{distance:#x}, exported symbol",))


def test_in_a_stripped_library_the_same_crash_is_known_by_the_symbol_it_is_near_to() -> None:
    before, after = ended(stripped("malloc", 0x1C), crashed=3), ended(stripped("malloc", 0x40), crashed=3)
    row = compare_endings(before, after)
    assert row.verdict is Verdict.SAME
    assert "SIGSEGV near malloc+0x40, exported symbol" in compare_endings(ended(ok=3), after).evidence
    assert compare_endings(before, ended(stripped("free", 8), crashed=3)).verdict is Verdict.BROKEN


def test_a_function_known_on_one_side_only_by_what_is_near_is_not_called_another_one() -> None:
    named = Crash("SIGSEGV", frames=("slab_refill",))
    row = compare_endings(ended(named, crashed=3), ended(stripped("malloc", 8), crashed=3))
    assert row.verdict is Verdict.SAME
