"""The view and its address are one value in two spellings."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.data.address import View, column_filters, link, parse, write

words = st.text(max_size=30)
names = st.lists(st.text(min_size=1, max_size=20), max_size=3, unique=True).map(tuple)
verdicts = st.lists(st.sampled_from(["broken", "regressed", "none"]), max_size=3, unique=True).map(tuple)
sorts = st.lists(
    st.tuples(st.text(min_size=1, max_size=20), st.sampled_from(["asc", "desc"])), max_size=2
).map(tuple)
filters = st.sampled_from(
    ["", column_filters({"metric": {"filterType": "text", "type": "contains", "filter": "&="}})]
)
views = st.builds(View, words, words, words, names, names, verdicts, words, words, sorts, filters)


@given(views)
def test_what_is_written_is_read_back(view: View) -> None:
    assert parse(write(view)) == view


@given(st.text(max_size=200))
def test_any_text_is_an_address_of_something(search: str) -> None:
    again = parse(write(parse(search)))
    assert again == parse(search)


def test_nothing_in_particular_has_a_bare_address() -> None:
    assert link(View()) == "/compare"


def test_a_plus_in_a_variants_name_survives() -> None:
    assert link(View(head="go1.25.5+noswissmap")) == "/compare?head=go1.25.5%2Bnoswissmap"


def test_a_verdict_that_does_not_exist_is_as_if_not_there() -> None:
    assert parse("?verdict=awful&verdict=broken").verdicts == ("broken",)


def test_thousands_of_fields_are_refused_as_a_whole() -> None:
    assert parse("?" + "&".join(["machine=x"] * 5000)) == View()


@pytest.mark.parametrize(
    "model",
    [
        {"metric": {"function": "alert(1)"}},
        {"metric": {"filter": {"function": "alert(1)"}}},
        {"metric": {"operator": "AND", "conditions": [{"function": "alert(1)"}]}},
        {"metric": {"conditions": [{"conditions": [{"filter": "deep"}]}]}},
        {"metric": {"operator": "alert(1)"}},
        {"metric": "text"},
        ["metric"],
        "metric",
        None,
    ],
)
def test_a_column_filter_that_is_not_plain_data_is_dropped(model: object) -> None:
    assert column_filters(model) == ""
    assert parse(f"?filter={json.dumps(model)}").columns == ""


def test_a_combined_column_filter_is_kept() -> None:
    model = {"m": {"operator": "OR", "conditions": [{"type": "contains", "filter": "a"}, {"filter": 2}]}}
    assert View(columns=column_filters(model)).filters == model
