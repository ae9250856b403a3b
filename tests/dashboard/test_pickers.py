"""Pickers of very many things: what they are given, and what typing finds."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.pages.pickers import MOST_OFFERED, offered, option

COMMITS = [option(f"{n:040x}", f"v{n} · 2024") for n in range(1400)]


def test_a_list_opens_with_the_first_and_with_what_is_chosen() -> None:
    assert offered(COMMITS, None) == COMMITS[:MOST_OFFERED]
    assert offered(COMMITS, COMMITS[7]["value"]) == COMMITS[:MOST_OFFERED]
    assert offered(COMMITS, COMMITS[900]["value"]) == [*COMMITS[:MOST_OFFERED], COMMITS[900]]


def test_typing_finds_what_the_list_did_not_open_with() -> None:
    assert offered(COMMITS, COMMITS[0]["value"], " V1234 ") == [COMMITS[1234], COMMITS[0]]


def test_what_stands_in_the_picker_because_it_is_chosen_asks_for_nothing() -> None:
    assert offered(COMMITS, COMMITS[5]["value"], COMMITS[5]["label"]) == COMMITS[:MOST_OFFERED]


@given(st.text(max_size=8), st.integers(0, 1399))
def test_whatever_is_typed_the_chosen_one_stays(typed: str, chosen: int) -> None:
    found = offered(COMMITS, COMMITS[chosen]["value"], typed)
    assert COMMITS[chosen] in found
    assert len(found) <= MOST_OFFERED + 1
