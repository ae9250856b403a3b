"""Which cases the quick profile measures."""

from typing import ClassVar

import pytest

from pagewalk.errors import ConfigError
from pagewalk.suite import Workload
from pagewalk.suite.discovery import cases_of


class Suite(Workload):
    """Four cases of no program."""

    program = "none"
    params = ([1, 2], ["a", "b"])
    param_names: ClassVar[list[str]] = ["number", "letter"]


def quick(suite: type[Workload]) -> list[str]:
    return [str(case.case) for case in cases_of("x.Suite", suite(), []) if case.quick]


def test_the_first_case_is_quick_where_none_is_named() -> None:
    assert quick(Suite) == ["x.Suite(number=1, letter='a')"]


def test_those_that_are_named_are_quick() -> None:
    class Named(Suite):
        quick = ((1, "b"), (2, "a"))

    assert quick(Named) == ["x.Suite(number=1, letter='b')", "x.Suite(number=2, letter='a')"]


def test_a_class_may_have_no_quick_case() -> None:
    class Slow(Suite):
        quick = ()

    assert quick(Slow) == []


def test_a_name_that_is_no_case_is_refused_and_an_example_given() -> None:
    class Mistaken(Suite):
        quick = ((3, "a"),)

    with pytest.raises(ConfigError) as caught:
        quick(Mistaken)
    assert "(3, 'a')" in caught.value.message
    assert "(1, 'a')" in caught.value.remedy
