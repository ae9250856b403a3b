"""The shortest range of commits that holds the mass asked for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.analysis.bisection.decide import _credible


@given(
    shares=st.lists(st.integers(0, 9), min_size=2, max_size=12).filter(any),
    holes=st.sets(st.integers(1, 10), max_size=4),
    confidence=st.sampled_from([0.6, 0.9, 0.99]),
)
def test_no_pair_of_usable_places_that_holds_enough_is_closer_together(
    shares: list[int], holes: set[int], confidence: float
) -> None:
    belief = np.concatenate(([0.0], np.array(shares) / sum(shares)))
    last = len(shares)
    usable = [place for place in range(last + 1) if place not in holes or place == last]
    after, up_to = _credible(belief, usable, confidence)
    enough = [
        (b - a, a, b)
        for a in usable
        for b in usable
        if a < b and belief[a + 1 : b + 1].sum() >= confidence - 1e-9
    ]
    assert (up_to - after, after, up_to) == min(enough)
