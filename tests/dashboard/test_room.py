"""The room that words take: never less than is drawn, and a legend's in whole rows."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.room import LEGEND_ROW, legend_height, widest, width_of

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
    assert legend_height(["size=64"] * 5) == one
    assert legend_height(["size=64, kind=a long one, threads=8"] * 5) == one + LEGEND_ROW * 2


def test_without_words_nothing_is_needed() -> None:
    assert widest([]) == 0
    assert legend_height([]) < LEGEND_ROW
