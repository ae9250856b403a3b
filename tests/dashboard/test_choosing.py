"""What a person did, and the view that follows. A browser may send anything."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_results import PLAIN, RELEASES, VARIANT

from dashboard.data.address import View
from dashboard.data.library import Library
from dashboard.data.selection import select
from dashboard.pages.choosing import Choice


@pytest.fixture
def choose(library: Library) -> Any:
    def after(view: View, control: str, value: Any) -> View:
        return Choice(view, select(library, view), library.shelves()).after(view, control, value)

    return after


GO = View(subject="go", base="go1.25.5", head="go1.25.5+noswissmap")


def test_another_subject_forgets_all_else(choose: Any) -> None:
    full = View(subject="go", text="x", machines=("laptop",), row="r")
    assert choose(full, "subject", "malloc") == View(subject="malloc")


def test_a_picker_that_is_filled_with_what_is_shown_changes_nothing(choose: Any) -> None:
    default = View()
    assert choose(default, "subject", "go") is default
    assert choose(default, "base", PLAIN.commit) is default
    assert choose(default, "head", VARIANT.commit) is default


def test_a_picked_revision_stands_by_its_name_and_the_other_side_stays(choose: Any) -> None:
    after = choose(View(subject="malloc", row="r"), "base", RELEASES[0].commit)
    assert (after.base, after.head, after.row) == ("v2.1.2", "v2.1.7", "r")


def test_swap_turns_base_and_head_around(choose: Any) -> None:
    after = choose(GO, "swap", 1)
    assert (after.base, after.head) == (GO.head, GO.base)


def test_sorting_is_read_in_the_order_of_its_keys(choose: Any) -> None:
    state = [
        {"colId": "case", "sort": "asc", "sortIndex": 1},
        {"colId": "metric", "sort": None},
        {"colId": "base@laptop", "sort": "desc", "sortIndex": 0},
    ]
    assert choose(GO, "sort", state).sort == (("base@laptop", "desc"), ("case", "asc"))


def test_a_grid_without_columns_has_not_been_unsorted(choose: Any) -> None:
    before = View(subject="go", sort=(("case", "asc"),))
    assert choose(before, "sort", []) == before


def test_a_row_is_opened_by_the_table_and_by_the_plot_and_closed_again(choose: Any) -> None:
    assert choose(GO, "opened", {"rowId": "a|time"}).row == "a|time"
    assert choose(GO, "clicked", {"points": [{"customdata": "a|time"}]}).row == "a|time"
    opened = View(subject="go", row="a|time")
    assert choose(opened, "opened", None) == opened
    assert choose(opened, "clicked", None) == opened
    assert choose(opened, "close", 1) == View(subject="go")


def test_a_page_that_lags_behind_its_address_does_not_pull_it_back(library: Library) -> None:
    filled = View(subject="go", machines=("laptop",), text="map")
    choice = Choice(filled, select(library, filled), library.shelves())
    ahead = View(subject="go")
    assert choice.after(ahead, "machines", ["laptop"]) is ahead
    assert choice.after(ahead, "text", "map") is ahead
    assert choice.after(ahead, "machines", ["qemu-arm64"]).machines == ("qemu-arm64",)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["rowId", "points", "customdata", "sort", "colId", "sortIndex"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
CONTROLS = (
    *("subject", "base", "head", "swap", "machines", "metrics", "verdicts", "text"),
    *("sort", "filter", "opened", "clicked", "close", "no such control"),
)


@settings(max_examples=25)
@pytest.mark.parametrize("control", CONTROLS)
@given(value=values)
def test_nothing_a_browser_sends_breaks_the_page(control: str, value: Any) -> None:
    after = Choice(GO, None, {}).after(GO, control, value)
    assert isinstance(after, View)
    assert all(
        isinstance(text, str) for text in (after.subject, after.base, after.head, after.row, after.text)
    )
