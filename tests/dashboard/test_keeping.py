"""What is kept of answers: bounded, worked out once, and never an error."""

import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.data.keeping import Kept, Leaving, Many, weigh


@given(sizes=st.lists(st.integers(0, 4_000), max_size=40))
def test_what_is_kept_never_weighs_more_than_it_may_but_for_the_newest(sizes: list[int]) -> None:
    kept = Kept(most=10_000)
    for number, size in enumerate(sizes):
        kept.get(number, lambda size=size: bytes(size))
        assert number in kept
        there = [weigh(bytes(sizes[earlier])) for earlier in range(number + 1) if earlier in kept]
        assert sum(there) <= max(10_000, weigh(bytes(size)))


class Answer:
    """Something that can be seen to go."""


def test_what_makes_room_is_freed_later_but_no_more_waits_than_may() -> None:
    size = weigh(Answer())
    leaving = Leaving(most=3 * size)
    kept = Kept(most=size, leaving=leaving)
    there = [weakref.ref(kept.get(number, Answer)) for number in range(10)]
    assert [number for number, one in enumerate(there) if one()] == [6, 7, 8, 9]
    leaving.empty()
    assert [number for number, one in enumerate(there) if one()] == [9]
    assert 9 in kept


def test_who_asks_what_another_is_working_out_waits_for_it() -> None:
    kept = Kept(most=1_000)
    begun, go_on = threading.Event(), threading.Event()
    made: list[int] = []

    def slowly() -> str:
        made.append(1)
        begun.set()
        go_on.wait(60)
        return "answer"

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(kept.get, "q", slowly)
        assert begun.wait(60)
        others = [pool.submit(kept.get, "q", slowly) for _ in range(3)]
        go_on.set()
        assert [one.result(60) for one in [first, *others]] == ["answer"] * 4
    assert made == [1]


def test_an_error_is_told_and_forgotten() -> None:
    kept = Kept(most=1_000)

    def fails() -> str:
        raise KeyError("no such subject")

    with pytest.raises(KeyError):
        kept.get("q", fails)
    assert kept.get("q", lambda: "found") == "found"


def test_arrays_weigh_what_they_hold_and_what_is_shared_weighs_once() -> None:
    array = np.zeros(10_000)
    assert weigh(array) == pytest.approx(80_000, rel=0.01)
    assert weigh((array, array)) == pytest.approx(80_000, rel=0.01)
    assert weigh([np.zeros(1_000) for _ in range(100)]) == pytest.approx(800_000, rel=0.1)
    assert weigh({"a": None, "b": "x" * 5_000}) > 5_000


def test_many_words_are_hashed_once_and_are_the_words_they_are() -> None:
    hashed: list[str] = []

    class Word(str):
        __slots__ = ()

        def __hash__(self) -> int:
            hashed.append(self)
            return super().__hash__()

    kept = Kept(most=1_000)
    words = [Word("a"), Word("b")]
    first = kept.get(("past", Many(words)), lambda: 1)
    assert len(hashed) == len(words)
    assert first == kept.get(("past", Many(words)), lambda: 2)
    assert kept.get(("past", Many(words[::-1])), lambda: 3) == 3
