"""A failing sequence is shrunk to one that fails and has nothing to spare."""

from hypothesis import given
from hypothesis import strategies as st

from pagewalk.analysis.shrinking import shrink

NEEDED = st.sets(st.integers(0, 99), min_size=1, max_size=6)


@given(NEEDED)
def test_what_fails_by_a_few_steps_together_is_shrunk_to_just_these(needed: set[int]) -> None:
    found = shrink(range(100), lambda part: needed <= set(part))
    assert found == tuple(sorted(needed))


@given(st.lists(st.integers(1, 20), min_size=1, max_size=30), st.integers(1, 100))
def test_no_step_of_what_is_left_can_be_spared(weights: list[int], least: int) -> None:
    """Failing by a sum: there are many minimal parts, and any of them will do."""

    def fails(part: tuple[int, ...]) -> bool:
        return sum(weights[step] for step in part) >= least

    everything = tuple(range(len(weights)))
    if not fails(everything):
        return
    found = shrink(everything, fails)
    assert fails(found)
    assert list(found) == sorted(found)
    assert not any(fails(found[:at] + found[at + 1 :]) for at in range(len(found)))


def test_no_part_is_tried_twice_and_few_are() -> None:
    tried: list[tuple[int, ...]] = []

    def fails(part: tuple[int, ...]) -> bool:
        tried.append(part)
        return {17, 640} <= set(part)

    assert shrink(range(1000), fails) == (17, 640)
    assert len(tried) == len(set(tried)) < 100
