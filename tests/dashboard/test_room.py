"""The room that words take: never less than is drawn, and a legend's in whole rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.room import LEGEND_ROW, apart, legend_below, legend_height, widest, width_of

WORDS = st.text(max_size=60)


@given(WORDS, WORDS)
def test_more_words_take_more_room(one: str, other: str) -> None:
    assert width_of(one) <= width_of(one + other) <= width_of(one) + width_of(other) + 1
    assert widest([one, other]) == max(width_of(one), width_of(other))


def test_a_line_has_at_least_the_width_that_dejavu_sans_gives_it() -> None:
    # Measured in Chromium at 12 pixels, canvas.measureText
    assert width_of("gomap.Assign(elements=4096) · L1 dTLB misses") >= 295
    assert width_of("1.25 ms") >= 48.5


def test_a_legend_has_a_row_for_what_does_not_fit_beside_one_another() -> None:
    one = legend_height(["size=64"])
    assert legend_height(["size=64"] * 3) == one
    assert legend_height(["size=64, kind=a long one, threads=8"] * 9) == one + LEGEND_ROW * 4


def test_a_short_legend_does_not_scroll_on_a_telephone() -> None:
    assert legend_height(["size=64, kind=a long one, threads=8"] * 4) >= LEGEND_ROW * 4


def test_rows_of_a_legend_follow_one_another_without_a_gap_that_nobody_reckoned_with() -> None:
    assert legend_below(40)["tracegroupgap"] == 0


def test_without_words_nothing_is_needed() -> None:
    assert widest([]) == 0
    assert legend_height([]) < LEGEND_ROW


def test_names_of_ticks_never_run_into_one_another_and_the_first_is_always_there() -> None:
    names = [f"{2**n} Ki" for n in range(19)]
    shown = apart(names, np.arange(19))
    assert shown[0] == names[0]
    assert 3 <= len([name for name in shown if name]) <= 7
    assert apart(["a", "b"], [5, 900]) == ["a", "b"]
    assert apart(["7"], [7.0]) == ["7"]
    assert apart([], []) == []
