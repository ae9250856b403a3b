"""A table of thousands of rows begins with the most urgent ones, and says so."""

import csv
import io
from dataclasses import replace

import pytest

from dashboard.components.table import row_data
from dashboard.data.address import View, parse, write
from dashboard.data.library import Library
from dashboard.data.rows import Row
from dashboard.data.selection import Selection, select
from dashboard.data.shown import shown
from dashboard.pages import compare
from dashboard.pages.compare_table import selected, table_note

VIEW = View(subject="go")


@pytest.fixture
def selection(library: Library, monkeypatch: pytest.MonkeyPatch) -> Selection:
    monkeypatch.setattr("dashboard.data.shown.MOST_LISTED", 2)
    return select(library, VIEW)


def test_the_table_begins_with_the_most_urgent_rows_and_links_to_all(selection: Selection) -> None:
    found = shown(selection, VIEW)
    assert list(found.listed) == list(selection.rows[:2])
    assert len(found.rows) == len(selection.rows) > 2
    said, *links = table_note(found, VIEW)
    assert f"The 2 most urgent of {len(selection.rows)} rows" in said
    assert [link.children for link in links] == ["Further rows", "Show all"]
    assert parse(links[-1].href.partition("?")[2]).whole


def test_who_asks_for_all_gets_all(selection: Selection) -> None:
    view = replace(VIEW, whole=True)
    found = shown(selection, view)
    assert found.listed == found.rows
    assert table_note(found, view) == []


def test_the_open_row_is_marked_by_its_place_where_it_is_listed(selection: Selection) -> None:
    found = shown(selection, VIEW)
    places = [row["place"] for row in row_data(found.listed, found.machines)]
    marked = [selected(found, replace(VIEW, row=row.id))["ids"] for row in selection.rows[:3]]
    assert marked == [[places[0]], [places[1]], []]


@pytest.mark.parametrize("way", ["asc", "desc"])
def test_links_lead_through_all_rows_in_the_order_of_a_column(selection: Selection, way: str) -> None:
    view = replace(VIEW, sort=(("case", way),))
    everything = shown(selection, view).ordered
    seen: list[Row] = []
    asked = [view]
    while asked:
        here = asked.pop()
        found = shown(selection, here)
        seen += found.listed
        links = {link.children: parse(link.href.partition("?")[2]) for link in table_note(found, here)[1:]}
        assert ("Earlier rows" in links) is (found.first > 0)
        asked += [links["Further rows"]] if "Further rows" in links else []
    assert seen == list(everything)
    assert {row.id for row in seen} == {row.id for row in selection.rows}


def test_an_address_beyond_the_last_row_begins_at_the_first(selection: Selection) -> None:
    found = shown(selection, replace(VIEW, first=999_999))
    assert (found.first, list(found.listed)) == (0, list(selection.rows[:2]))


def test_a_filter_of_a_column_is_one_of_all_rows_and_not_of_those_listed(selection: Selection) -> None:
    wanted = [row for row in selection.rows if "page faults" in row.title][-1]
    view = replace(VIEW, columns='{"metric":{"filterType":"text","type":"contains","filter":"FAULTS"}}')
    found = shown(selection, view)
    assert wanted in found.ordered
    assert all("faults" in row.title for row in found.ordered)


def test_a_csv_of_a_table_that_was_cut_holds_all_rows(selection: Selection) -> None:
    found = shown(selection, VIEW)
    _, text = compare.csv_of(selection, VIEW, [row.id for row in found.listed])
    cases = {f"{line['case']}|{line['metric']}" for line in csv.DictReader(io.StringIO(text))}
    assert cases == {row.id for row in selection.rows}


def test_a_csv_has_the_rows_in_the_order_of_the_table_wherever_it_is_looked_at(selection: Selection) -> None:
    view = replace(VIEW, sort=(("case", "desc"),), first=2)
    found = shown(selection, view)
    turned = [row.id for row in reversed(found.listed)]
    _, text = compare.csv_of(selection, view, turned)
    lines = [f"{line['case']}|{line['metric']}" for line in csv.DictReader(io.StringIO(text))]
    expected = [row.id for row in found.ordered]
    expected[2:4] = turned
    assert list(dict.fromkeys(lines)) == expected


def test_the_address_keeps_that_all_was_asked_for() -> None:
    assert parse(write(replace(VIEW, whole=True))).whole
    assert not parse(write(VIEW)).whole
    assert parse(write(replace(VIEW, first=250))).first == 250
    assert [parse(f"?from={text}").first for text in ("-1", "x", "²", "9" * 5000)] == [0, 0, 0, 0]
