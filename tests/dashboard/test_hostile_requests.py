"""What an attacker may ask of a server, and what a spreadsheet would make of names in results."""

import csv
import io

import pytest
from dash import Dash
from hypothesis import given
from hypothesis import strategies as st

from dashboard.app import create_app
from dashboard.data.catalogue import Catalogue
from dashboard.data.indexing import Indexing
from dashboard.data.library import Library
from dashboard.data.spreadsheet import spreadsheet
from dashboard.pages.places import places

NAMES = ("subject", "base", "head", "benchmark", "metric", "params", "machine", "case", "row", "search")
HUGE = f"subject={'A' * (10 << 20)}&" + "&".join(f"{name}=%3Cb%3E" for name in NAMES)
CLIMBING = "&".join(f"{name}=..%2F..%2F..%2Fetc%2Fpasswd" for name in NAMES)


@pytest.fixture(scope="module")
def app(results, indexing: Indexing) -> Dash:  # type: ignore[no-untyped-def]
    return create_app(results, indexing)


@pytest.mark.parametrize("query", [HUGE, CLIMBING], ids=["ten megabytes", "dots"])
def test_every_page_has_an_answer_to_a_hostile_query(
    library: Library, catalogue: Catalogue, query: str
) -> None:
    for place in places(library, catalogue):
        text = str(place.layout(f"?{query}"))
        assert len(text) < 2 << 20, place.path
        assert "root:x:" not in text


@pytest.mark.parametrize("path", ["/flame/graph", "/flame/csv", "/flame/arguments.csv", "/timeline/csv"])
def test_a_file_that_is_asked_for_with_dots_is_none(app: Dash, path: str) -> None:
    answer = app.server.test_client().get(f"{path}?{CLIMBING}")
    assert answer.status_code == 404
    assert b"root:x:" not in answer.data


@given(st.text(max_size=20) | st.sampled_from(["=cmd|' /C calc'!A0", "\t=1+1", "@SUM(1)", "-2+3", "\r\n=1"]))
def test_no_text_of_a_table_begins_a_formula(text: str) -> None:
    (_, (cell, number, nothing)) = csv.reader(io.StringIO(spreadsheet(("a", "b", "c"), [(text, -1.5, None)])))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert (number, nothing) == ("-1.5", "")
