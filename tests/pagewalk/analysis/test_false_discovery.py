"""Against scipy, and by what the procedure promises."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pagewalk.analysis.false_discovery import benjamini_hochberg, next_level

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=60)


@given(p_values)
def test_q_values_agree_with_scipy(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p, method="bh"))


@given(p_values)
def test_a_smaller_p_never_has_a_larger_q(p: list[float]) -> None:
    ordered = sorted(zip(p, benjamini_hochberg(p), strict=True))
    assert all(q <= later for (_, q), (_, later) in pairwise(ordered))


@given(p_values, st.randoms(use_true_random=False))
def test_the_order_of_comparisons_does_not_matter(p: list[float], random) -> None:
    places = list(range(len(p)))
    random.shuffle(places)
    shuffled = benjamini_hochberg([p[place] for place in places])
    assert shuffled == [benjamini_hochberg(p)[place] for place in places]


def test_nothing_compared_is_nothing_found() -> None:
    assert benjamini_hochberg([]) == []


@given(p_values)
def test_one_more_p_value_at_the_next_level_is_selected(p: list[float]) -> None:
    discoveries = sum(q <= 0.05 for q in benjamini_hochberg(p))
    if discoveries < len(p):
        level = next_level(discoveries, len(p), 0.05)
        worst_unselected = int(np.argmax(p))
        moved = [*p[:worst_unselected], level * (1 - 1e-9), *p[worst_unselected + 1 :]]
        assert benjamini_hochberg(moved)[worst_unselected] <= 0.05
