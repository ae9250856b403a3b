"""A page as HTML before any script: the same words, escaped, and nothing that needs a script."""

import re
from html.parser import HTMLParser
from pathlib import Path

from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.app import create_app
from dashboard.components.markup import markup
from dashboard.components.pieces import aria
from dashboard.data.indexing import Indexing
from dashboard.serving.document import SCHEME


class Reader(HTMLParser):
    """What a browser reads in HTML: elements with their attributes, and text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_whatever_a_name_holds_is_read_as_that_text_and_as_no_element(name: str) -> None:
    read = Reader(markup(html.P([name, dcc.Link("x", href=name, title=name)])))
    assert [tag for tag, _ in read.elements] == ["p", "a"]
    assert read.words == name + "x"
    assert read.elements[1][1]["href"] == name


def test_attributes_are_those_of_html_and_identities_are_left_to_the_page_itself() -> None:
    cell = html.Td("1", id="cell", className="pw-quiet", colSpan=2, hidden=True, **aria(label="one"))
    shown = Reader(markup(cell)).elements
    assert shown == [("td", {"class": "pw-quiet", "colspan": "2", "hidden": None, "aria-label": "one"})]


def test_what_draws_itself_in_the_browser_leaves_no_trace() -> None:
    assert markup([html.Br(), None, dcc.Store(id="s", data="secret"), dcc.Graph(id="g"), 0]) == "<br>0"


def test_the_document_of_the_overview_says_what_is_broken(results: Path, indexing: Indexing) -> None:
    answer = create_app(results, indexing).server.test_client().get("/")
    read = Reader(answer.text.partition('id="early">')[2].partition('<div id="react-entry-point"')[0])
    assert "gomap.LockedExit(24)" in read.words
    assert "<title>Overview · pagewalk</title>" in answer.text
    assert not any("id" in attributes for _, attributes in read.elements)
    assert ("h1", {}) in read.elements


def test_the_document_of_any_address_is_hostile_to_nobody(results: Path, indexing: Indexing) -> None:
    client = create_app(results, indexing).server.test_client()
    answer = client.get("/machines?subject=%3Cscript%3Ewindow.pwned=1%3C/script%3E")
    assert "There is no subject “&lt;script&gt;" in answer.text
    assert "<script>window.pwned" not in answer.text


def test_every_script_that_stands_in_the_document_is_named_by_the_policy(
    results: Path, indexing: Indexing
) -> None:
    app = create_app(results, indexing)
    answer = app.server.test_client().get("/")
    inline = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert inline == [SCHEME]
    assert all(digest in answer.headers["Content-Security-Policy"] for digest in app.inline_hashes())
