"""A table of thousands of rows begins with the most urgent ones, and says so."""

import csv
import io
from dataclasses import replace

import pytest

from dashboard.data.address import View, parse, write
from dashboard.data.library import Library
from dashboard.data.selection import Selection, select
from dashboard.pages import compare

VIEW = View(subject="go")


@pytest.fixture
def selection(library: Library, monkeypatch: pytest.MonkeyPatch) -> Selection:
    monkeypatch.setattr(compare, "MOST_LISTED", 2)
    return select(library, VIEW)


def test_the_table_begins_with_the_most_urgent_rows_and_links_to_all(selection: Selection) -> None:
    found = compare.shown(selection, VIEW)
    assert list(found.listed) == list(selection.rows[:2])
    assert len(found.rows) == len(selection.rows) > 2
    said, link = compare.table_note(found, VIEW)
    assert f"The 2 most urgent of {len(selection.rows)} rows" in said
    assert parse(link.href.partition("?")[2]).whole


@pytest.mark.parametrize(
    "asked", [{"whole": True}, {"sort": (("case", "asc"),)}, {"columns": '{"case":{"filter":"a"}}'}]
)
def test_who_sorts_or_filters_a_column_or_asks_for_all_gets_all(
    selection: Selection, asked: dict[str, object]
) -> None:
    view = replace(VIEW, **asked)  # type: ignore[arg-type]
    found = compare.shown(selection, view)
    assert found.listed == found.rows
    assert compare.table_note(found, view) == []


def test_a_csv_of_a_table_that_was_cut_holds_all_rows(selection: Selection) -> None:
    found = compare.shown(selection, VIEW)
    _, text = compare.csv_of(selection, VIEW, [row.id for row in found.listed])
    cases = {f"{line['case']}|{line['metric']}" for line in csv.DictReader(io.StringIO(text))}
    assert cases == {row.id for row in selection.rows}


def test_the_address_keeps_that_all_was_asked_for() -> None:
    assert parse(write(replace(VIEW, whole=True))).whole
    assert not parse(write(VIEW)).whole
