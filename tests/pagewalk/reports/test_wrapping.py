"""Lines are broken between words, and words never."""

from hypothesis import given
from hypothesis import strategies as st

from pagewalk.reports.wrapping import wrapped


def test_what_goes_on_is_set_in_and_a_long_word_stays_whole() -> None:
    assert wrapped("one two /a/path/that-is-long three", 11, indent=2) == (
        "  one two\n      /a/path/that-is-long\n      three"
    )


@given(st.lists(st.text("ab-", min_size=1, max_size=9)), st.integers(16, 80), st.integers(0, 3))
def test_no_line_is_too_wide_and_no_word_is_lost(words: list[str], width: int, indent: int) -> None:
    told = wrapped(" ".join(words), width, indent)
    assert told.split() == words
    assert all(len(line) <= width for line in told.splitlines())
