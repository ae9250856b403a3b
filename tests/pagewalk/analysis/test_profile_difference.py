"""Profiles: the folded format, the tree of a flame graph, and which functions changed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from pagewalk.analysis.profiles import Profile, difference, grow, parse_folded, pooled
from pagewalk.analysis.profiles.folded import render_folded
from pagewalk.errors import HistoryError

NAMES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\\"), min_size=1, max_size=8)
PROFILES = st.builds(
    Profile,
    st.dictionaries(
        st.lists(NAMES, min_size=1, max_size=5).map(tuple).filter(lambda stack: stack != ("[lost]",)),
        st.integers(1, 10**6),
        max_size=8,
    ),
    st.integers(0, 9),
)


@given(PROFILES)
def test_what_is_written_folded_is_read_again_whatever_functions_are_called(profile: Profile) -> None:
    assert parse_folded(render_folded(profile)) == profile


def test_stacks_of_one_path_are_added_and_lost_ones_kept_apart() -> None:
    profile = parse_folded("main;f 2\nmain;f 3\nmain 1\n\n[lost] 7\n")
    assert profile == Profile({("main", "f"): 5, ("main",): 1}, lost=7)
    assert profile.total == 6


@pytest.mark.parametrize("text", ["main;f", "main;f x", "12", "main -3", "main ²", "a " + "9" * 40])
def test_a_line_that_is_no_stack_is_named(text: str) -> None:
    with pytest.raises(HistoryError, match="line 2 of a profile"):
        parse_folded(f"main 1\n{text}\n")


@given(PROFILES, PROFILES)
def test_every_frame_of_the_tree_has_at_least_what_its_children_have(base: Profile, head: Profile) -> None:
    top = grow(head, base)
    assert (top.base, top.head) == (base.total, head.total)
    waiting = [top]
    own = [0, 0]
    while waiting:
        frame = waiting.pop()
        assert min(frame.own) >= 0
        own = [total + mine for total, mine in zip(own, frame.own, strict=True)]
        waiting.extend(frame.children.values())
    assert own == [base.total, head.total]


def test_pooled_profiles_have_the_samples_of_all() -> None:
    first, second = Profile({("a",): 1}, 2), Profile({("a",): 3, ("b",): 1})
    assert pooled([first, second]) == Profile({("a",): 4, ("b",): 1}, 2)


def repeated(share: float, seed: int, count: int = 10, samples: int = 1000) -> list[Profile]:
    generator = np.random.default_rng(seed)
    hits = [int(generator.binomial(samples, share)) for _ in range(count)]
    return [Profile({("main", "hot"): hit, ("main", "rest"): samples - hit}) for hit in hits]


def test_a_function_that_lost_its_share_is_shown_with_an_interval_around_the_truth() -> None:
    changes = {change.name: change for change in difference(repeated(0.38, 1), repeated(0.05, 3))}
    hot = changes["hot"]
    assert hot.shown
    assert hot.shift.low < -0.33 < hot.shift.high, hot
    assert (hot.base, hot.head) == (pytest.approx(0.38, abs=0.02), pytest.approx(0.05, abs=0.02))
    assert not changes["main"].shown, "what is on every stack cannot change"


def test_two_profiles_of_the_same_show_nothing() -> None:
    assert not any(change.shown for change in difference(repeated(0.2, 3), repeated(0.2, 4)))


def test_one_execution_a_side_shows_nothing_however_large_the_difference() -> None:
    changes = difference(repeated(0.9, 1, count=1), repeated(0.1, 2, count=1))
    assert not any(change.shown for change in changes)
    assert changes[0].shift.low == -np.inf


def test_the_test_is_the_one_of_an_independent_implementation() -> None:
    base, head = repeated(0.3, 5, 8, 10**7), repeated(0.3001, 6, 8, 10**7)
    shares = [[p.counts["main", "hot"] / p.total for p in side] for side in (base, head)]
    assert len({*shares[0], *shares[1]}) == 16, "ties would make scipy approximate"
    expected = mannwhitneyu(*shares, method="exact").pvalue
    found = {change.name: change for change in difference(base, head)}
    # `hot` and `rest` have one p-value between them, `main` has 1: Benjamini–Hochberg makes it 3/2 of it.
    assert found["hot"].q == pytest.approx(min(1.0, expected * 3 / 2))


def test_recursion_counts_a_function_once_a_stack() -> None:
    profile = [Profile({("f", "f", "f"): 10})]
    assert difference(profile, profile)[0].base == 1.0


def test_nothing_recorded_is_said_not_compared() -> None:
    with pytest.raises(ValueError, match="no profile with samples"):
        difference([Profile({})], [Profile({("a",): 1})])
