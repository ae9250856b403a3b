"""Tuples with names made by the thousand are those that are made one by one."""

from itertools import repeat
from typing import Any, NamedTuple

import pytest

from pagewalk.named import named


class Point(NamedTuple):
    x: int
    y: int = 0
    name: str = ""


def test_each_is_what_its_own_call_would_have_made() -> None:
    made = list(named(Point, [1, 2], (3, 4), repeat("here")))
    assert made == [Point(1, 3, "here"), Point(2, 4, "here")]
    assert [type(one) for one in made] == [Point, Point]
    assert made[1].y == 4
    assert not list(named(Point, [], {}, repeat("")))


@pytest.mark.parametrize(
    "columns",
    [([1, 2], [3], repeat("")), ([1], [2]), ([1], [2], ["a"], [4]), (repeat(1), repeat(2), repeat(""))],
)
def test_columns_that_make_no_rows_are_refused(columns: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="Point takes 3 columns of one length"):
        named(Point, *columns)
