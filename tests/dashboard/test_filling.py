"""Pickers are filled anew where they change, whatever a browser says that it has."""

from typing import Any

import pytest
from dash import no_update

from dashboard.pages.filling import anew, filled

OPTIONS = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]
CHOICES = {"subject": (OPTIONS, "a"), "machines": (OPTIONS, ["a", "b"])}


def test_what_is_there_already_is_not_filled_in_again() -> None:
    assert anew(CHOICES, filled(CHOICES)) == [no_update] * 4


def test_another_choice_or_another_option_is() -> None:
    chosen = {**CHOICES, "subject": (OPTIONS, "b")}
    assert anew(chosen, filled(CHOICES)) == [OPTIONS, "b", no_update, no_update]
    offered = {**CHOICES, "machines": (OPTIONS[:1], ["a", "b"])}
    assert anew(offered, filled(CHOICES)) == [no_update, no_update, OPTIONS[:1], ["a", "b"]]


@pytest.mark.parametrize("before", [None, "", [], {}, {"subject.value": None}, {"subject.data": {}}])
def test_a_browser_that_knows_nothing_gets_all(before: Any) -> None:
    assert anew(CHOICES, before) == [OPTIONS, "a", OPTIONS, ["a", "b"]]
