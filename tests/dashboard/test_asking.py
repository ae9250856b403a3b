"""What a browser says a room is asked for, which anybody can say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.serving.asking import address_of

ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


def test_a_room_is_asked_for_a_path_and_a_query() -> None:
    assert address_of({"path": "/history", "query": "?benchmark=a"}) == ("/history", "?benchmark=a")


@pytest.mark.parametrize("asked", [None, [], "?benchmark=a", {}, {"path": None}, {"path": 3, "query": {}}])
def test_who_asks_for_nothing_is_led_to_the_first_page(asked: object) -> None:
    assert address_of(asked) == ("/", "")


@given(ANYTHING)
def test_whatever_is_asked_path_and_query_are_texts(asked: object) -> None:
    assert all(isinstance(part, str) for part in address_of(asked))
